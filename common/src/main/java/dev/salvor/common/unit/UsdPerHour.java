package dev.salvor.common.unit;

import java.time.Duration;

/// A price or a burn, in millionths of a US dollar an hour, exact.
public record UsdPerHour(long micros) implements Comparable<UsdPerHour> {
  public static final UsdPerHour ZERO = new UsdPerHour(0);
  private static final double NANOS_PER_HOUR = 3600e9;

  public UsdPerHour {
    if (micros < 0) {
      throw new IllegalArgumentException("A price is not negative: " + micros);
    }
  }

  /// Rounds to the nearest millionth.
  public static UsdPerHour of(double dollarsPerHour) {
    return new UsdPerHour(Math.round(dollarsPerHour * 1e6));
  }

  /// What this price comes to over the time, rounded to the nearest millionth of a dollar.
  public Usd over(Duration time) {
    return new Usd(Math.round(micros * (time.toNanos() / NANOS_PER_HOUR)));
  }

  public UsdPerHour plus(UsdPerHour other) {
    return new UsdPerHour(Math.addExact(micros, other.micros));
  }

  public UsdPerHour times(double factor) {
    return new UsdPerHour(Math.round(micros * factor));
  }

  public double dollars() {
    return micros / 1e6;
  }

  @Override
  public int compareTo(UsdPerHour other) {
    return Long.compare(micros, other.micros);
  }

  @Override
  public String toString() {
    return new Usd(micros) + "/h";
  }
}
