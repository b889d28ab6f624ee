package dev.salvor.controller.core;

import java.time.Duration;

/// What a box may do when no controller answers.
///
/// @param lease the longest that it may train on, however far the budget would reach
/// @param grace how long it may stay up without a job
/// @param startsAlone whether a box that came back starts its job by itself after a minute
public record Unattended(Duration lease, Duration grace, boolean startsAlone) {
  public static final Unattended DEFAULT =
      new Unattended(Duration.ofDays(30), Duration.ofHours(2), true);

  public Unattended {
    if (lease.isNegative() || grace.isNegative()) {
      throw new IllegalArgumentException("A time to stay up is not negative");
    }
  }
}
