package dev.salvor.controller.cli;

import java.util.Locale;
import java.util.Optional;

/// One measured figure, beside what a user would pick instead.
///
/// @param unit of `value` and of the peer's
/// @param runs how many measurements the median is of
public record BenchRow(String what, double value, String unit, int runs, Optional<Peer> peer) {

  /// The same figure of another program, measured on the same machine in the same run.
  public record Peer(String name, double value) {}

  /// How much of the peer's figure ours is.
  Optional<Double> ratio() {
    return peer.filter(p -> p.value() > 0).map(p -> value / p.value());
  }

  /// Three digits that matter.
  static String number(double value) {
    int digits = value >= 100 ? 0 : value >= 10 ? 1 : value >= 1 ? 2 : 3;
    return String.format(Locale.ROOT, "%." + digits + "f", value);
  }
}
