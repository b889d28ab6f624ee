package dev.salvor.common.checkpoint;

import dev.salvor.common.unit.Sha256;

/// One file of a unit: its path below the unit's root, its size in bytes, and the digest of the
/// bytes as read.
public record FileEntry(String path, long size, Sha256 digest) {
  private static final int MAX_PATH_CHARS = 4096;

  public FileEntry {
    if (size < 0) {
      throw new IllegalArgumentException("A size is not negative: " + size);
    }
    if (!isSafe(path)) {
      throw new IllegalArgumentException("Not a plain relative path: " + path);
    }
  }

  /// Whether a path names something below its root and nothing else: relative, no "..", no empty or
  /// "." names, no backslash, no control character. Boxes are strangers: every path from one is
  /// asked this.
  public static boolean isSafe(String path) {
    if (path.isEmpty() || path.length() > MAX_PATH_CHARS || path.indexOf('\\') >= 0) {
      return false;
    }
    if (path.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
      return false;
    }
    for (String name : path.split("/", -1)) {
      if (name.isEmpty() || name.equals(".") || name.equals("..")) {
        return false;
      }
    }
    return true;
  }
}
