package dev.salvor.controller.provider.vast;

/// The platform's own words, made fit for a message: one line, printable, of bounded length.
final class Words {
  private static final int MAX = 300;

  private Words() {}

  static String clean(String text) {
    String line = text.replaceAll("\\p{C}+", " ").replaceAll("\\s+", " ").strip();
    return line.length() <= MAX ? line : line.substring(0, MAX) + "…";
  }
}
