package dev.salvor.controller.sandbox.market;

import java.time.Duration;
import java.util.Random;

/// How long an instance takes from being wanted to running, drawn from a seed.
public record Pace(Duration least, Duration most) {
  public static final Pace USUAL = new Pace(Duration.ofMillis(300), Duration.ofMillis(1000));

  public Pace {
    if (least.isNegative() || most.compareTo(least) < 0) {
      throw new IllegalArgumentException("a pace from " + least + " to " + most);
    }
  }

  /// The same for the same start of the same instance in a market of the same seed.
  long startMs(long seed, long instance, int start) {
    long span = most.toMillis() - least.toMillis() + 1;
    return least.toMillis() + new Random((seed * 31 + instance) * 31 + start).nextLong(span);
  }
}
