package dev.salvor.common.checkpoint;

import dev.salvor.common.checkpoint.Candidate.Part;
import dev.salvor.common.framework.FileGroups;
import dev.salvor.common.framework.Frameworks;
import dev.salvor.common.framework.Names;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// One look at a checkpoint root: what in it may be a checkpoint. Attributes only; no file is read.
public final class Candidates {
  /// output/run/version/checkpoint-N is as deep as trainers go.
  private static final int MAX_DEPTH = 4;

  /// A directory of more files is one of data; whether it is a checkpoint shows in the first ones.
  private static final int MAX_FILES = 20_000;

  private final List<Candidate> found = new ArrayList<>();
  private final List<Path> visited = new ArrayList<>();
  private final Set<String> temporaryInodes = new HashSet<>();
  private final List<String> odd = new ArrayList<>();
  private final List<TooLarge> tooLarge = new ArrayList<>();
  private final Path root;
  private final boolean ended;

  private Candidates(Path root, boolean ended) {
    this.root = root;
    this.ended = ended;
  }

  /// A directory with more files than one unit can list.
  public record TooLarge(Path place, String why) {}

  /// Looks once.
  ///
  /// @param ended whether single files count too that neither name a step nor are written over and
  ///   over
  public static Candidates in(Path root, boolean ended) throws IOException {
    Candidates candidates = new Candidates(root, ended);
    candidates.enter(root, 0);
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

  public List<TooLarge> tooLarge() {
    return tooLarge;
  }

  /// What lies directly in a directory, by name.
  private record Entries(Map<String, Path> directories, Map<String, Part> files) {
    Set<String> names() {
      Set<String> names = new HashSet<>(directories.keySet());
      names.addAll(files.keySet());
      return names;
    }
  }

  private void enter(Path directory, int depth) throws IOException {
    visited.add(directory);
    Entries entries = entries(directory);
    String name = String.valueOf(directory.getFileName());
    boolean holdsOthers = entries.directories().keySet().stream().anyMatch(Names::isStepDirectory);
    if (!holdsOthers && Frameworks.marked(name, entries.names())) {
      boolean _ = whole(directory, true);
      return;
    }
    for (var below : entries.directories().entrySet()) {
      if (Names.isStepDirectory(below.getKey()) && whole(below.getValue(), false)) {
        continue;
      }
      if (depth + 1 < MAX_DEPTH) {
        enter(below.getValue(), depth + 1);
      }
    }
    for (var group : FileGroups.of(entries.files().keySet()).entrySet()) {
      if (ended || Names.isOngoing(group.getKey())) {
        List<Part> parts = group.getValue().stream().map(entries.files()::get).toList();
        found.add(new Candidate(directory.resolve(group.getKey()), directory, root, parts, false));
      }
    }
  }

  private Entries entries(Path directory) throws IOException {
    Map<String, Path> directories = new LinkedHashMap<>();
    Map<String, Part> files = new LinkedHashMap<>();
    for (Path entry : list(directory)) {
      try {
        take(entry, directories, files);
      } catch (NoSuchFileException e) {
        // Rotated away in this moment: then it is no candidate.
      }
    }
    return new Entries(directories, files);
  }

  private void take(Path entry, Map<String, Path> directories, Map<String, Part> files)
      throws IOException {
    String name = String.valueOf(entry.getFileName());
    BasicFileAttributes attributes =
        Files.readAttributes(entry, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    if (name.equals(PinPlace.DIRECTORY)) {
      return;
    }
    if (Names.isTemporary(name)) {
      temporaryInodes.add(String.valueOf(attributes.fileKey()));
    } else if (attributes.isDirectory()) {
      directories.put(name, entry);
    }
    if (attributes.isRegularFile() && files.size() < MAX_FILES) {
      files.put(name, Tree.part(entry, name));
    }
  }

  private static List<Path> list(Path directory) throws IOException {
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

  /// Takes a directory as one checkpoint; false where nothing in it is a model's.
  ///
  /// @param marked whether a framework's own file in it says so already
  private boolean whole(Path directory, boolean marked) throws IOException {
    UnitSize size = new UnitSize(UnitSize.CHECKPOINT);
    List<Part> files = new ArrayList<>();
    boolean all =
        Tree.walk(
            directory,
            path -> !String.valueOf(path.getFileName()).equals(PinPlace.DIRECTORY),
            odd,
            part -> {
              files.add(part);
              return size.takes(part.path());
            });
    if (!all) {
      tooLarge.add(new TooLarge(directory, size.why()));
      return true;
    }
    files.sort(java.util.Comparator.comparing(Part::path));
    boolean temporary = files.stream().anyMatch(file -> Names.hasTemporaryEnd(file.path()));
    if (marked
        || files.stream()
            .anyMatch(file -> Names.isModelPart(file.path()) || isChunk(file.path()))) {
      found.add(new Candidate(directory, directory, root, files, temporary));
      return true;
    }
    return false;
  }

  /// A file of an array in chunks, which has no ending.
  private static boolean isChunk(String path) {
    return path.matches(".*/[0-9]+(\\.[0-9]+)*");
  }
}
