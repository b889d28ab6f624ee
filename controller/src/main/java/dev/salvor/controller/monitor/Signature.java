package dev.salvor.controller.monitor;

import dev.salvor.common.unit.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// HMAC-SHA256 over a body, as webhooks carry it: "sha256=" and hexadecimal digits.
final class Signature {
  private static final String ALGORITHM = "HmacSHA256";
  private static final String PREFIX = "sha256=";

  private Signature() {}

  static String of(Secret secret, byte[] body) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(secret.reveal().getBytes(StandardCharsets.UTF_8), ALGORITHM));
      return PREFIX + HexFormat.of().formatHex(mac.doFinal(body));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every Java has " + ALGORITHM, e);
    }
  }

  /// With the prefix or without, in a time that tells nothing.
  static boolean holds(Secret secret, byte[] body, String claimed) {
    String given = claimed.strip();
    String whole = given.startsWith(PREFIX) ? given : PREFIX + given;
    return MessageDigest.isEqual(
        of(secret, body).getBytes(StandardCharsets.UTF_8), whole.getBytes(StandardCharsets.UTF_8));
  }
}
