package dev.salvor.controller.view;

import java.time.Instant;

/// One line of a run's timeline.
///
/// @param number place in the run's history, from 1; gaps are facts that say nothing to people
/// @param minor one of many of its kind: a summary leaves it out
public record EventView(int number, Instant at, Kind kind, boolean minor, String text) {

  /// Who or what it comes from.
  public enum Kind {
    USER,
    DECISION,
    PROVIDER,
    BOX,
    JOB,
    CARGO,
    ALERT,
    END
  }
}
