package dev.salvor.common.checkpoint;

import dev.salvor.common.unit.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The list of a cargo unit's files, sizes and digests, in path order, below an absolute directory
/// of the box.
public record Manifest(String root, List<FileEntry> files) {
  public Manifest {
    if (!root.startsWith("/")) {
      throw new IllegalArgumentException("A unit's root is absolute: " + root);
    }
    files = files.stream().sorted(Comparator.comparing(FileEntry::path)).toList();
    if (files.isEmpty()) {
      throw new IllegalArgumentException("A unit has at least one file: " + root);
    }
    Set<String> seen = new HashSet<>();
    for (FileEntry file : files) {
      if (!seen.add(file.path())) {
        throw new IllegalArgumentException("Twice in one unit: " + file.path());
      }
    }
  }

  /// SHA-256 over "path NUL size NUL digest LF" of each file in path order; the root is no part of
  /// it, so that the same content has the same digest wherever it lies.
  public Sha256 digest() {
    MessageDigest digest = Sha256.newDigest();
    for (FileEntry file : files) {
      String line = file.path() + "\0" + file.size() + "\0" + file.digest().hex() + "\n";
      digest.update(line.getBytes(StandardCharsets.UTF_8));
    }
    return Sha256.fromBytes(digest.digest());
  }

  /// Sum of the sizes in bytes.
  public long bytes() {
    return files.stream().mapToLong(FileEntry::size).reduce(0, Math::addExact);
  }
}
