package dev.salvor.controller.intake;

import java.util.List;

/// Text that a box sent, made fit to store and to print: bounded, and without control characters,
/// with which a stranger could rewrite somebody's terminal.
final class BoxText {
  static final int LINE_CHARS = 2000;
  private static final int LINES = 200;

  private BoxText() {}

  static String line(String text) {
    return line(text, LINE_CHARS);
  }

  static String line(String text, int maxChars) {
    int end = Math.min(text.length(), maxChars);
    if (end < text.length() && Character.isHighSurrogate(text.charAt(end - 1))) {
      end--;
    }
    StringBuilder plain = new StringBuilder(end);
    text.substring(0, end).codePoints().map(BoxText::printable).forEach(plain::appendCodePoint);
    return plain.toString();
  }

  /// Controls (also the C1 ones), bidirectional overrides and lone surrogates become '?'.
  private static int printable(int codePoint) {
    if (codePoint == '\t') {
      return ' ';
    }
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          '?';
      default -> codePoint;
    };
  }

  /// The last lines, of many.
  static List<String> lines(List<String> lines) {
    int from = Math.max(0, lines.size() - LINES);
    return lines.subList(from, lines.size()).stream().map(BoxText::line).toList();
  }
}
