package dev.salvor.agent.probe.gate;

import dev.salvor.common.telemetry.Reading;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/// Readings by their names.
final class Seen {
  private final Map<String, Reading> byName = new HashMap<>();

  Seen(List<Reading> readings) {
    readings.forEach(reading -> byName.put(reading.name(), reading));
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

  /// Why there is none, if it was looked for.
  Optional<String> absent(String name) {
    return byName.get(name) instanceof Reading.Absent absent
        ? Optional.of(absent.why())
        : Optional.empty();
  }
}
