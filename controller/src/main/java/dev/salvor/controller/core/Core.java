package dev.salvor.controller.core;

import java.time.Instant;
import java.util.Optional;

/// The pure middle that a loop drives: how facts change a run, and what is decided on it.
public interface Core {

  /// Empty for a fact that no run begins with.
  Optional<RunState> first(Fact fact);

  RunState fold(RunState state, Fact fact);

  /// The next decision about a run as it stands now, if there is one. Asked again after each, until
  /// none is left.
  Optional<Decision> next(RunState state, Instant now);
}
