package dev.salvor.common.checkpoint;

import dev.salvor.common.unit.SafePath;
import dev.salvor.common.unit.Sha256;

/// One file of a unit: its path below the unit's root, its size in bytes, and the digest of the
/// bytes as read.
public record FileEntry(String path, long size, Sha256 digest) {
  public FileEntry {
    if (size < 0) {
      throw new IllegalArgumentException("A size is not negative: " + size);
    }
    if (!isSafe(path)) {
      throw new IllegalArgumentException("Not a plain relative path: " + path);
    }
  }

  /// Whether a path names something below its root and nothing else. Boxes are strangers: every
  /// path from one is asked this.
  public static boolean isSafe(String path) {
    return SafePath.isSafe(path);
  }
}
