package dev.salvor.common.checkpoint;

import dev.salvor.common.checkpoint.Candidate.Part;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// One look at a checkpoint root: what in it may be a checkpoint. Attributes only; no file is read.
public final class Candidates {
  /// output/run/version/checkpoint-N is as deep as trainers go.
  private static final int MAX_DEPTH = 4;

  /// Where an agent keeps its own links to checkpoints.

  private final List<Candidate> found = new ArrayList<>();

  private final List<Path> visited = new ArrayList<>();
  private final Set<String> temporaryInodes = new HashSet<>();
  private final List<String> odd = new ArrayList<>();
  private final Path root;
  private final boolean unnumbered;

  /// @param unnumbered whether single files without a number in their name count too
  private Candidates(Path root, boolean unnumbered) {
    this.root = root;
    this.unnumbered = unnumbered;
  }

  public static Candidates in(Path root, boolean unnumbered) throws IOException {
    Candidates candidates = new Candidates(root, unnumbered);
    candidates.visit(root, 0);
    return candidates;
  }

  public List<Candidate> found() {
    return found;
  }

  /// Directories whose entries may become checkpoints.
  public List<Path> visited() {
    return visited;
  }

  /// What has a temporary name now: the same inode under another name was renamed into place.
  public Set<String> temporaryInodes() {
    return temporaryInodes;
  }

  public List<String> odd() {
    return odd;
  }

  private void visit(Path directory, int depth) throws IOException {
    visited.add(directory);
    for (Path entry : entries(directory)) {
      try {
        look(entry, depth);
      } catch (NoSuchFileException e) {
        // Rotated away in this moment: then it is no candidate.
      }
    }
  }

  private static List<Path> entries(Path directory) throws IOException {
    List<Path> entries = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
      stream.forEach(entries::add);
    } catch (NoSuchFileException | NotDirectoryException e) {
      return List.of();
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    entries.sort(null);
    return entries;
  }

  private void look(Path entry, int depth) throws IOException {
    String name = String.valueOf(entry.getFileName());
    BasicFileAttributes attributes =
        Files.readAttributes(entry, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    if (Names.isTemporary(name)) {
      temporaryInodes.add(String.valueOf(attributes.fileKey()));
    } else if (attributes.isDirectory()) {
      directory(entry, name, depth);
    } else if (attributes.isRegularFile()
        && Names.isSingleFile(name)
        && (unnumbered || Names.step(name).isPresent())) {
      Path base = directoryOf(entry);
      found.add(new Candidate(entry, base, root, List.of(Tree.part(entry, name)), false));
    }
  }

  private static Path directoryOf(Path file) {
    Path parent = file.getParent();
    if (parent == null) {
      throw new IllegalStateException("A file of a directory has a parent: " + file);
    }
    return parent;
  }

  private void directory(Path entry, String name, int depth) throws IOException {
    boolean trainer =
        Files.isRegularFile(entry.resolve(FrameworkRule.TRAINER_STATE), LinkOption.NOFOLLOW_LINKS);
    if (!trainer && !Names.isStepDirectory(name)) {
      if (depth + 1 < MAX_DEPTH) {
        visit(entry, depth + 1);
      }
      return;
    }
    List<Part> files = Tree.files(entry, path -> !isPins(path), odd);
    boolean model = files.stream().anyMatch(file -> Names.isModelPart(file.path()));
    boolean temporary = files.stream().anyMatch(file -> Names.hasTemporaryEnd(file.path()));
    if (model) {
      found.add(new Candidate(entry, entry, root, files, temporary));
    }
  }

  private static boolean isPins(Path path) {
    return String.valueOf(path.getFileName()).equals(PinPlace.DIRECTORY);
  }
}
