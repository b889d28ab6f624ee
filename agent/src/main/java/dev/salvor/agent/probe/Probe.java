package dev.salvor.agent.probe;

import dev.salvor.common.telemetry.Reading;
import java.io.IOException;
import java.util.List;

/// A check on the box. Reads under the root it was given, and may take its time or throw: whoever
/// runs it bounds both.
public interface Probe {
  /// Its readings carry this name.
  String name();

  List<Reading> read() throws IOException;
}
