package dev.salvor.controller.cargo;

import dev.salvor.common.unit.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Signs requests to a store (Signature Version 4): as a header, or into an address that whoever
/// has it may use for some hours.
final class S3Signer {
  static final String UNSIGNED = "UNSIGNED-PAYLOAD";
  private static final String ALGORITHM = "AWS4-HMAC-SHA256";
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  /// The longest that a signed address may live.
  private static final Duration MOST = Duration.ofDays(7);

  private final S3Keys keys;
  private final String region;

  S3Signer(S3Keys keys, String region) {
    this.keys = keys;
    this.region = region;
  }

  /// What is asked for.
  ///
  /// @param host with its port, where that is not the usual one
  /// @param path encoded as it goes over the line
  /// @param query not encoded; "" for a name alone
  /// @param headers names in lower case; each is signed
  record Asked(
      String method,
      String host,
      String path,
      SortedMap<String, String> query,
      SortedMap<String, String> headers) {
    String line() {
      return query.isEmpty() ? path : path + "?" + encoded(query);
    }
  }

  /// The headers to send, the signature among them.
  SortedMap<String, String> sign(Asked asked, String payload, Instant now) {
    SortedMap<String, String> headers = new TreeMap<>(asked.headers());
    headers.put("host", asked.host());
    headers.put("x-amz-date", STAMP.format(now));
    headers.put("x-amz-content-sha256", payload);
    keys.session().ifPresent(token -> headers.put("x-amz-security-token", token.reveal()));
    Asked whole = new Asked(asked.method(), asked.host(), asked.path(), asked.query(), headers);
    headers.put(
        "authorization",
        "%s Credential=%s/%s,SignedHeaders=%s,Signature=%s"
            .formatted(
                ALGORITHM, keys.id(), scope(now), names(whole), signature(whole, payload, now)));
    headers.remove("host");
    return headers;
  }

  /// Path and query of an address that may be used until then, with exactly these headers.
  String presign(Asked asked, Duration life, Instant now) {
    if (life.compareTo(MOST) > 0) {
      throw new IllegalArgumentException("A signed address lives for 7 days at most: " + life);
    }
    SortedMap<String, String> headers = new TreeMap<>(asked.headers());
    headers.put("host", asked.host());
    SortedMap<String, String> query = new TreeMap<>(asked.query());
    query.put("X-Amz-Algorithm", ALGORITHM);
    query.put("X-Amz-Credential", keys.id() + "/" + scope(now));
    query.put("X-Amz-Date", STAMP.format(now));
    query.put("X-Amz-Expires", Long.toString(life.toSeconds()));
    keys.session().ifPresent(token -> query.put("X-Amz-Security-Token", token.reveal()));
    query.put("X-Amz-SignedHeaders", String.join(";", headers.keySet()));
    Asked whole = new Asked(asked.method(), asked.host(), asked.path(), query, headers);
    String signature = signature(whole, UNSIGNED, now);
    return whole.line() + "&X-Amz-Signature=" + signature;
  }

  private String scope(Instant now) {
    return STAMP.format(now).substring(0, 8) + "/" + region + "/s3/aws4_request";
  }

  private static String names(Asked asked) {
    return String.join(";", asked.headers().keySet());
  }

  private String signature(Asked asked, String payload, Instant now) {
    String headers =
        asked.headers().entrySet().stream()
            .map(header -> header.getKey() + ":" + header.getValue().strip() + "\n")
            .collect(Collectors.joining());
    String canonical =
        String.join(
            "\n",
            asked.method(),
            asked.path(),
            encoded(asked.query()),
            headers,
            names(asked),
            payload);
    String text =
        String.join(
            "\n",
            ALGORITHM,
            STAMP.format(now),
            scope(now),
            Sha256.of(canonical.getBytes(StandardCharsets.UTF_8)).hex());
    byte[] key = ("AWS4" + keys.secret().reveal()).getBytes(StandardCharsets.UTF_8);
    for (String part : scope(now).split("/", -1)) {
      key = hmac(key, part);
    }
    return HexFormat.of().formatHex(hmac(key, text));
  }

  private static byte[] hmac(byte[] key, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every Java runtime has HMAC-SHA256", e);
    }
  }

  private static String encoded(Map<String, String> query) {
    return query.entrySet().stream()
        .map(entry -> encoded(entry.getKey()) + "=" + encoded(entry.getValue()))
        .collect(Collectors.joining("&"));
  }

  /// Every byte but letters, digits and -._~ as %XX.
  static String encoded(String text) {
    StringBuilder encoded = new StringBuilder();
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      boolean plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
      if (plain || "-._~".indexOf(c) >= 0) {
        encoded.append(c);
      } else {
        encoded.append('%').append(HexFormat.of().withUpperCase().toHexDigits(b));
      }
    }
    return encoded.toString();
  }

  /// A key as a path: its slashes stay.
  static String path(String key) {
    return java.util.Arrays.stream(key.split("/", -1))
        .map(S3Signer::encoded)
        .collect(Collectors.joining("/"));
  }
}
