package dev.salvor.controller.house;

/// One text file of the checkout; its path is relative to the root, with slashes.
record SourceFile(String path, String text, boolean executable) {
  static SourceFile of(String path, String text) {
    return new SourceFile(path, text, false);
  }

  boolean isJava() {
    return path.endsWith(".java");
  }

  boolean isScript() {
    return path.endsWith(".sh") || path.equals("salvor") || path.equals(".ci/run");
  }

  boolean isShipped() {
    return path.contains("src/main/java/");
  }

  boolean isTest() {
    return path.contains("src/test/java/");
  }

  boolean isCore() {
    return isShipped() && path.contains("/core/");
  }

  String folder() {
    return path.substring(0, Math.max(0, path.lastIndexOf('/')));
  }

  long lineAt(int offset) {
    return 1 + text.substring(0, offset).chars().filter(c -> c == '\n').count();
  }

  long lineCount() {
    return text.lines().count();
  }
}
