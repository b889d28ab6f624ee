package dev.salvor.agent.probe;

import dev.salvor.common.telemetry.Reading;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/// A check on the box. Reads under the root it was given, and may take its time or throw: whoever
/// runs it bounds both.
public interface Probe {
  /// Its readings carry this name.
  String name();

  /// How often it is worth its cost.
  Duration period();

  /// How long a look may take; one that takes longer hangs.
  Duration timeout();

  /// What it is called that it hangs.
  default String stuck() {
    return name() + "_stuck";
  }

  /// Everything it knows now.
  List<Reading> read() throws IOException;
}
