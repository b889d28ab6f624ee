package dev.salvor.agent.probe.gate;

import dev.salvor.common.telemetry.Reading;
import dev.salvor.common.telemetry.gpu.GpuReadings;
import dev.salvor.common.telemetry.gpu.GpuReport;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/// Readings by their names.
final class Seen {
  private final List<Reading> readings;
  private final Map<String, Reading> byName = new HashMap<>();

  Seen(List<Reading> readings) {
    this.readings = List.copyOf(readings);
    readings.forEach(reading -> byName.put(reading.name(), reading));
  }

  /// Its cards, to be judged as any others.
  GpuReport report() {
    return GpuReadings.report(readings);
  }

  Optional<String> text(String name) {
    return byName.get(name) instanceof Reading.Text text
        ? Optional.of(text.value())
        : Optional.empty();
  }

  OptionalDouble amount(String name) {
    return byName.get(name) instanceof Reading.Amount amount
        ? OptionalDouble.of(amount.value())
        : OptionalDouble.empty();
  }
}
