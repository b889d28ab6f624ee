package dev.salvor.controller.intake;

import java.time.Duration;
import java.time.Instant;

/// How long one stream may last: a handshake proves who speaks only as of when it was made, so a
/// box must dial again, with its renewed certificate, before the old one ends.
final class Tenure {
  /// The streams of a fleet that was rented at once do not end at once.
  private static final Duration LATEST = Duration.ofMinutes(4);

  private static final int SPREAD_SECONDS = 240;

  private Tenure() {}

  /// When the stream is to end; a box that has not renewed by then keeps it to the certificate's
  /// end.
  static Instant end(Caller caller, Instant opened, Instant certifiedUntil) {
    int spread = Math.floorMod(caller.hashCode(), SPREAD_SECONDS);
    Instant early = certifiedUntil.minus(LATEST).minusSeconds(spread);
    return opened.isBefore(early) ? early : certifiedUntil;
  }
}
