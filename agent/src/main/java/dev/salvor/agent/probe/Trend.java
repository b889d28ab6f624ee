package dev.salvor.agent.probe;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalDouble;

/// How fast something runs out, by what was left of it over the last half hour.
final class Trend {
  /// A checkpoint that is written and the old one that goes make a saw: shorter than several of
  /// them shows nothing.
  private static final double WINDOW_S = 1800;

  /// Less than this long looked at says nothing.
  private static final double LEAST_S = 60;

  /// Of one look a quarter of a minute: bounded, and fine enough.
  private static final double APART_S = 15;

  private final Deque<Sample> samples = new ArrayDeque<>();

  private record Sample(double atS, double left) {}

  /// The seconds until nothing is left, at the pace so far; empty while it does not shrink.
  OptionalDouble toEmpty(double nowS, double left) {
    if (samples.isEmpty() || nowS - samples.getLast().atS() >= APART_S) {
      samples.addLast(new Sample(nowS, left));
    }
    while (nowS - samples.getFirst().atS() > WINDOW_S) {
      samples.removeFirst();
    }
    Sample first = samples.getFirst();
    double used = first.left() - left;
    double time = nowS - first.atS();
    return used > 0 && time >= LEAST_S
        ? OptionalDouble.of(left * time / used)
        : OptionalDouble.empty();
  }
}
