package dev.salvor.controller.cargo;

import dev.salvor.controller.cargo.CargoException.Kind;
import dev.salvor.controller.core.TargetPlace;
import java.util.Locale;

/// What a store said in place of doing it, and what a person can do about it.
///
/// @param code its own word, "AccessDenied"; empty where it gave none
/// @param region where the bucket is, if the store says so
/// @param date the store's clock, as it says
record S3Refusal(int status, String code, String message, String region, String date) {
  private static final int BUSY = 503;

  /// Trying again may help.
  boolean passing() {
    return (status >= 500 && !unsupported())
        || status == 408
        || status == 429
        || code.equals("RequestTimeout")
        || code.equals("SlowDown");
  }

  /// The store does not know what it was asked for: checksums of its own.
  boolean unsupported() {
    String words = message.toLowerCase(Locale.ROOT);
    return status == 501
        || (status == 400 && (words.contains("checksum") || words.contains("unsupported header")));
  }

  boolean missing() {
    return status == 404 && !code.equals("NoSuchBucket");
  }

  boolean goneUpload() {
    return code.equals("NoSuchUpload");
  }

  CargoException told(String tried, TargetPlace.Bucket bucket, S3Keys keys) {
    Kind kind = passing() ? Kind.STORE_FAILED : Kind.STORE_REFUSED;
    return new CargoException(
        kind,
        "Cannot %s %s: the store answered %d %s. %s"
            .formatted(tried, bucket, status, said(), next(bucket, keys)));
  }

  private String said() {
    String words = message.length() > 200 ? message.substring(0, 200) : message;
    return code.isEmpty() && words.isEmpty()
        ? "and no more"
        : (code + " " + words).strip().replaceAll("\\.$", "");
  }

  private String next(TargetPlace.Bucket bucket, S3Keys keys) {
    return switch (code) {
      case "InvalidAccessKeyId", "SignatureDoesNotMatch", "InvalidToken" ->
          "The key from %s is not one of this store's: check it.".formatted(keys.source());
      case "ExpiredToken" -> "The key from %s has expired: renew it.".formatted(keys.source());
      case "AccessDenied" ->
          "The key from %s may not do that in this bucket: it needs to list, get, put and delete."
              .formatted(keys.source());
      case "NoSuchBucket" ->
          "There is no bucket %s: make it, or mend the name.".formatted(bucket.bucket());
      case "RequestTimeTooSkewed" ->
          "This machine's clock is wrong (the store has %s): set it.".formatted(date);
      case "PermanentRedirect", "AuthorizationHeaderMalformed", "TemporaryRedirect" ->
          "The bucket is in another region%s: say ?region=… behind the target."
              .formatted(region.isEmpty() ? "" : ", " + region);
      default -> status == BUSY ? "It is busy; it is tried again later." : otherwise(keys);
    };
  }

  private String otherwise(S3Keys keys) {
    return status == 403
        ? "The key from %s is wrong, or may not do that.".formatted(keys.source())
        : passing() ? "It is tried again later." : "Look at what the store says.";
  }
}
