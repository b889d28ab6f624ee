package dev.salvor.common.unit;

import java.math.BigDecimal;

/// An amount of money in millionths of a US dollar, exact.
public record Usd(long micros) implements Comparable<Usd> {
  public static final Usd ZERO = new Usd(0);
  private static final int MICRO_DIGITS = 6;

  /// Rounds to the nearest millionth.
  public static Usd of(double dollars) {
    return new Usd(Math.round(dollars * 1e6));
  }

  public Usd plus(Usd other) {
    return new Usd(Math.addExact(micros, other.micros));
  }

  public Usd minus(Usd other) {
    return new Usd(Math.subtractExact(micros, other.micros));
  }

  public double dollars() {
    return micros / 1e6;
  }

  @Override
  public int compareTo(Usd other) {
    return Long.compare(micros, other.micros);
  }

  /// For people: "$0.0123", four decimals, more than enough for a meter.
  @Override
  public String toString() {
    BigDecimal amount = BigDecimal.valueOf(micros, MICRO_DIGITS);
    return "$" + amount.setScale(4, java.math.RoundingMode.HALF_UP).toPlainString();
  }
}
