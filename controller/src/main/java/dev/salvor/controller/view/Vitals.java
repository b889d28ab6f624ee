package dev.salvor.controller.view;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;

/// What the probes of a run's box told last, and how some of it went over the last while. Not
/// journaled; of one box at a time.
///
/// @param rental whose, "1.1"; empty before the first
/// @param values by probe and name, "disk free /work"
/// @param series the numbers of which a trend is shown, newest last
public record Vitals(
    String rental,
    Instant asOf,
    SortedMap<String, Value> values,
    SortedMap<String, List<Double>> series) {
  /// As many as a graph is wide.
  static final int MAX_SAMPLES = 40;

  /// Of a machine of sixteen; a box that tells more is cut off.
  private static final int MAX_VALUES = 2_000;

  /// Rounds of looks closer together than this are one.
  private static final Duration APART = Duration.ofSeconds(8);

  private static final String TREND =
      "gpu gpu[0-9]{1,2} (use|memory used)|disk (free|inodes free) /.{0,60}|memory used";

  public static final Vitals NONE = new Vitals("", Instant.EPOCH, new TreeMap<>(), new TreeMap<>());

  public Vitals {
    values = Collections.unmodifiableSortedMap(new TreeMap<>(values));
    series = Collections.unmodifiableSortedMap(new TreeMap<>(series));
  }

  /// One reading: a number with its unit, or words, or why there is none.
  ///
  /// @param number NaN where there is none
  public record Value(double number, String text, boolean absent) {}

  /// What one probe told.
  public record Told(String probe, String name, Value value) {}

  Vitals plus(String from, Instant at, List<Told> told) {
    boolean same = from.equals(rental);
    SortedMap<String, Value> next = new TreeMap<>(same ? values : Map.of());
    for (Told one : told) {
      if (one.value().absent() && one.name().equals(one.probe())) {
        // The whole probe failed: what it told before is true no more.
        next.keySet().removeIf(key -> key.startsWith(one.probe() + " "));
      }
      if (next.size() < MAX_VALUES) {
        next.put(one.probe() + " " + one.name(), one.value());
      }
    }
    boolean fresh = !same || !at.isBefore(asOf.plus(APART));
    SortedMap<String, List<Double>> trends = new TreeMap<>(same ? series : Map.of());
    if (fresh) {
      next.forEach((key, value) -> {
        if (!value.absent() && key.matches(TREND)) {
          trends.merge(key, List.of(value.number()), Vitals::joined);
        }
      });
    }
    return new Vitals(from, fresh ? at : asOf, next, trends);
  }

  private static List<Double> joined(List<Double> old, List<Double> more) {
    List<Double> all = new ArrayList<>(old);
    all.addAll(more);
    return List.copyOf(all.subList(Math.max(0, all.size() - MAX_SAMPLES), all.size()));
  }

  OptionalDouble number(String key) {
    Value value = values.get(key);
    return value == null || value.absent() || Double.isNaN(value.number())
        ? OptionalDouble.empty()
        : OptionalDouble.of(value.number());
  }

  /// Words, "" where there are none.
  String text(String key) {
    Value value = values.get(key);
    return value == null || value.absent() ? "" : value.text();
  }

  List<Double> trend(String key) {
    return series.getOrDefault(key, List.of());
  }
}
