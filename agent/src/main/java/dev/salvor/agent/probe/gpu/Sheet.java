package dev.salvor.agent.probe.gpu;

import dev.salvor.common.telemetry.Reading;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Gathers readings of the GPUs: what one card will not say (few cards know all) is absent with the
/// reason, not zero.
final class Sheet {
  static final String PROBE = "gpu";

  private final List<Reading> readings = new ArrayList<>();

  void text(String name, Words look) throws NvmlException {
    try {
      readings.add(new Reading.Text(PROBE, name, look.take()));
    } catch (NvmlException e) {
      absent(name, e);
    }
  }

  void amount(String name, String unit, Figure look) throws NvmlException {
    try {
      readings.add(new Reading.Amount(PROBE, name, look.take(), unit));
    } catch (NvmlException e) {
      absent(name, e);
    }
  }

  void add(Reading reading) {
    readings.add(reading);
  }

  void addAll(@Nullable List<Reading> more) {
    if (more != null) {
      readings.addAll(more);
    }
  }

  /// Throws on when the whole library has ended.
  void absent(String name, NvmlException e) throws NvmlException {
    if (e.ended()) {
      throw e;
    }
    readings.add(new Reading.Absent(PROBE, name, String.valueOf(e.getMessage())));
  }

  List<Reading> readings() {
    return List.copyOf(readings);
  }

  /// One number, where the card says it.
  interface Figure {
    double take() throws NvmlException;
  }

  /// One word, where the card says it.
  interface Words {
    String take() throws NvmlException;
  }
}
