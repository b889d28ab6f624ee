package dev.salvor.controller.desk;

import java.time.Duration;
import java.time.Instant;

/// When a controller may end: no rental lives and nobody has been attached for a while.
///
/// @param patience how long it waits for somebody to come
/// @param neededAt when it was last needed
public record Linger(Duration patience, Instant neededAt) {
  /// Long enough to type the next verb, short enough that nothing seems left behind.
  public static final Duration USUAL = Duration.ofSeconds(10);

  /// What is known a moment later.
  public Linger at(Instant now, boolean needed) {
    return needed ? new Linger(patience, now) : this;
  }

  public boolean over(Instant now) {
    return Duration.between(neededAt, now).compareTo(patience) >= 0;
  }
}
