package dev.salvor.common.unit;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/// A key, token or password: it prints as `***`, and whoever needs the text must ask by name.
public final class Secret {
  private final String text;

  public Secret(String text) {
    if (text.isBlank()) {
      throw new IllegalArgumentException("A secret is not blank");
    }
    this.text = text;
  }

  /// The text itself. Keep it out of logs, messages, URLs and argument lists.
  public String reveal() {
    return text;
  }

  /// The same words with every occurrence of this secret struck out.
  public String strikeFrom(String words) {
    return words.replace(text, "***");
  }

  /// Takes the same time wherever the texts differ.
  @Override
  public boolean equals(Object other) {
    return other instanceof Secret secret && MessageDigest.isEqual(bytes(), secret.bytes());
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return "***";
  }

  private byte[] bytes() {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
