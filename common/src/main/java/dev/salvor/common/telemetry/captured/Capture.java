package dev.salvor.common.telemetry.captured;

import dev.salvor.common.telemetry.Reading;
import dev.salvor.common.telemetry.Verdict;
import java.util.List;

/// What a captured file or directory is, and what follows from it.
///
/// @param conclusion for a person: what is so, and what to do
public record Capture(Kind kind, Verdict verdict, String conclusion, List<Reading> readings) {
  public Capture {
    readings = List.copyOf(readings);
  }

  static Capture unreadable(Kind kind, String why) {
    return new Capture(kind, Verdict.PARSE_ERROR, why, List.of());
  }
}
