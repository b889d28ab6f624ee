package dev.salvor.common.checkpoint;

import dev.salvor.common.checkpoint.Candidate.Part;
import dev.salvor.common.unit.Sha256;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads a candidate into a manifest, and looks again whether it stayed what it was.
public final class Hashing {
  private final Path root;
  private final Digests digests;

  /// @param root where the box's "/" is
  public Hashing(Path root) {
    this(root, Hashing::here);
  }

  /// Lets others do the reading.
  public Hashing(Path root, Digests digests) {
    this.root = root;
    this.digests = digests;
  }

  /// Reads files.
  @FunctionalInterface
  public interface Digests {
    /// The digest of each file's bytes as read, in order; NoSuchFileException where one is gone.
    ///
    /// @param bytes how much there is to read
    List<Sha256> of(List<Path> files, long bytes) throws IOException;
  }

  /// Reads them in this process.
  public static List<Sha256> here(List<Path> files, long bytes) throws IOException {
    List<Sha256> digests = new ArrayList<>();
    for (Path file : files) {
      digests.add(FileDigest.of(file));
    }
    return digests;
  }

  /// Empty where a file changed or went while it was read.
  public Optional<Manifest> manifest(Candidate candidate) throws IOException {
    return manifest(candidate, candidate.base());
  }

  /// Reads the files where they were linked to meanwhile.
  public Optional<Manifest> manifest(Candidate candidate, Path held) throws IOException {
    List<FileEntry> entries = new ArrayList<>();
    try {
      List<Path> places =
          candidate.files().stream().map(part -> held.resolve(part.path())).toList();
      List<Sha256> read = digests.of(places, candidate.bytes());
      for (int i = 0; i < places.size(); i++) {
        Part part = candidate.files().get(i);
        if (!Tree.part(places.get(i), part.path()).equals(part)) {
          return Optional.empty();
        }
        entries.add(new FileEntry(part.path(), part.size(), read.get(i)));
      }
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
    return Optional.of(new Manifest(boxPath(candidate.base()), entries));
  }

  /// The path as the box's own processes know it.
  public String boxPath(Path place) {
    return "/" + root.relativize(place);
  }

  public Path onDisk(String boxPath) {
    return root.resolve(boxPath.substring(1)).normalize();
  }
}
