package dev.salvor.controller.ca;

import dev.salvor.common.unit.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HexFormat;

/// A secret that lets one box enrol once: 128 random bits as 32 hex digits.
public record JoinToken(String secret) {
  private static final int BYTES = 16;

  static JoinToken random(SecureRandom random) {
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    return new JoinToken(HexFormat.of().formatHex(bytes));
  }

  Sha256 hash() {
    return Sha256.of(secret.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public String toString() {
    return "JoinToken[***]";
  }
}
