package dev.salvor.controller.sandbox.market;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What was charged, summed up by day, by what for and by kind.
final class Ledger {
  /// A year of a few instances a day; the oldest lines go first.
  private static final int MAX_LINES = 20_000;

  private final TreeMap<String, Double> sums = new TreeMap<>();

  Ledger(Map<String, Double> kept) {
    sums.putAll(kept);
  }

  /// One line: a day, "instance-7001" or "volume-9", and "gpu" or "disk".
  record Line(LocalDate day, String source, String type, double amount) {}

  void add(long nowMs, String source, String type, double amount) {
    LocalDate day = Instant.ofEpochMilli(nowMs).atZone(ZoneOffset.UTC).toLocalDate();
    sums.merge(day + " " + source + " " + type, amount, Double::sum);
    if (sums.size() > MAX_LINES) {
      sums.pollFirstEntry();
    }
  }

  List<Line> lines() {
    var lines = new ArrayList<Line>();
    sums.forEach((key, amount) -> {
      String[] words = key.split(" ", -1);
      lines.add(new Line(LocalDate.parse(words[0]), words[1], words[2], amount));
    });
    return lines;
  }

  Map<String, Double> kept() {
    return Map.copyOf(sums);
  }
}
