package dev.salvor.controller.ca;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/// One DER value as a PEM file, and back.
final class Pem {
  private static final int LINE_CHARS = 64;

  private Pem() {}

  static byte[] write(String kind, byte[] der) {
    byte[] newline = {'\n'};
    String body = Base64.getMimeEncoder(LINE_CHARS, newline).encodeToString(der);
    return "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n"
        .formatted(kind, body)
        .getBytes(StandardCharsets.US_ASCII);
  }

  /// The DER inside.
  ///
  /// @throws IllegalArgumentException it is no PEM of that kind
  static byte[] read(String kind, byte[] pem) {
    String text = new String(pem, StandardCharsets.US_ASCII).strip();
    String head = "-----BEGIN " + kind + "-----";
    String foot = "-----END " + kind + "-----";
    if (!text.startsWith(head) || !text.endsWith(foot)) {
      throw new IllegalArgumentException("no " + head);
    }
    return Base64.getMimeDecoder()
        .decode(text.substring(head.length(), text.length() - foot.length()));
  }
}
