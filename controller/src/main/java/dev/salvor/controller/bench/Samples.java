package dev.salvor.controller.bench;

import dev.salvor.controller.cli.BenchRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Measurements of one figure; their median is what counts, since a busy machine adds outliers.
final class Samples {
  private final List<Double> values = new ArrayList<>();

  void add(double value) {
    values.add(value);
  }

  double median() {
    if (values.isEmpty()) {
      throw new IllegalStateException("Nothing was measured");
    }
    List<Double> sorted = values.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }

  BenchRow row(String what, String unit) {
    return new BenchRow(what, median(), unit, values.size(), Optional.empty());
  }

  /// Beside another program's, where that was measured.
  BenchRow row(String what, String unit, String peer, Samples of) {
    return of.values.isEmpty()
        ? row(what, unit)
        : new BenchRow(
            what, median(), unit, values.size(), Optional.of(new BenchRow.Peer(peer, of.median())));
  }
}
