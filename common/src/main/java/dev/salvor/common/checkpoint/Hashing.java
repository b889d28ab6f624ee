package dev.salvor.common.checkpoint;

import dev.salvor.common.checkpoint.Candidate.Part;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads a candidate into a manifest, and looks again whether it stayed what it was.
public final class Hashing {
  private final Path root;

  /// @param root where the box's "/" is
  public Hashing(Path root) {
    this.root = root;
  }

  /// Empty where a file changed or went while it was read.
  public Optional<Manifest> manifest(Candidate candidate) throws IOException {
    List<FileEntry> entries = new ArrayList<>();
    try {
      for (Part part : candidate.files()) {
        Path file = candidate.base().resolve(part.path());
        entries.add(new FileEntry(part.path(), part.size(), FileDigest.of(file)));
      }
      for (Part part : candidate.files()) {
        if (!Tree.part(candidate.base().resolve(part.path()), part.path()).equals(part)) {
          return Optional.empty();
        }
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
