package dev.salvor.common.telemetry.host;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/// Where a number goes, by a straight line through what was seen of it.
public final class Trend {
  /// Of fewer nothing can be said.
  private static final int FEWEST = 3;

  /// Further off nobody needs to know, and no straight line reaches.
  private static final double FURTHEST_SECONDS = 30 * 86_400.0;

  private Trend() {}

  /// One look.
  public record Sample(Instant at, double value) {}

  /// A second, by least squares; empty of too few samples, or of all at one moment.
  public static OptionalDouble perSecond(List<Sample> samples) {
    if (samples.size() < FEWEST) {
      return OptionalDouble.empty();
    }
    Instant zero = samples.getFirst().at();
    double meanTime = 0;
    double mean = 0;
    for (Sample sample : samples) {
      meanTime += seconds(zero, sample) / samples.size();
      mean += sample.value() / samples.size();
    }
    double both = 0;
    double times = 0;
    for (Sample sample : samples) {
      double time = seconds(zero, sample) - meanTime;
      both += time * (sample.value() - mean);
      times += time * time;
    }
    return times > 0 ? OptionalDouble.of(both / times) : OptionalDouble.empty();
  }

  /// How long until what is free is used up, if it goes on so; empty where it does not shrink, or
  /// not within a month.
  public static Optional<Duration> untilGone(List<Sample> free) {
    OptionalDouble rate = perSecond(free);
    if (rate.isEmpty() || rate.getAsDouble() >= 0) {
      return Optional.empty();
    }
    double left = Math.max(0, free.getLast().value()) / -rate.getAsDouble();
    return left > FURTHEST_SECONDS
        ? Optional.empty()
        : Optional.of(Duration.ofMillis(Math.round(left * 1000)));
  }

  private static double seconds(Instant zero, Sample sample) {
    return Duration.between(zero, sample.at()).toMillis() / 1000.0;
  }
}
