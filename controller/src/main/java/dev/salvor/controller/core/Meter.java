package dev.salvor.controller.core;

import dev.salvor.common.unit.Usd;
import dev.salvor.common.unit.UsdPerHour;
import java.time.Duration;
import java.time.Instant;

/// What one rental has cost: settled up to a moment, and running at a rate since.
public record Meter(Usd settled, UsdPerHour rate, Instant since) {

  /// Spent up to a moment that is not before `since`.
  public Usd at(Instant now) {
    return now.isAfter(since) ? settled.plus(rate.over(Duration.between(since, now))) : settled;
  }

  /// From now on it runs at another rate.
  public Meter turn(UsdPerHour newRate, Instant now) {
    return new Meter(at(now), newRate, now.isAfter(since) ? now : since);
  }
}
