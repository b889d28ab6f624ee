package dev.salvor.controller.intake;

import java.util.List;

/// Some lines of a job's log, cleaned.
///
/// @param source tells one reading of the log from the next: numbers count within it
/// @param first number of the first line here
public record LogPiece(long source, long first, List<String> lines) {
  public LogPiece {
    lines = List.copyOf(lines);
  }
}
