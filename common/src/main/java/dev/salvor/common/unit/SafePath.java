package dev.salvor.common.unit;

/// Tells a plain relative path from one that could name something outside its root.
public final class SafePath {
  private static final int MAX_CHARS = 4096;

  private SafePath() {}

  /// Whether a path names something below its root and nothing else: relative, no "..", no empty or
  /// "." names, no backslash, no control character. Boxes are strangers: every path from one is
  /// asked this.
  public static boolean isSafe(String path) {
    if (path.isEmpty() || path.length() > MAX_CHARS || path.indexOf('\\') >= 0) {
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
