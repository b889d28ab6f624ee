package dev.salvor.controller.sandbox.market;

/// A public key in the form of authorized_keys, with the number it has here.
public record SshKey(long id, String text, long createdMs) {
  /// Whether both name the same key, whatever their comments say.
  boolean sameAs(String other) {
    return material(text).equals(material(other));
  }

  /// Type and key, without a comment.
  static String material(String text) {
    String[] words = text.strip().split("\\s+", -1);
    return words.length < 2 ? text.strip() : words[0] + " " + words[1];
  }
}
