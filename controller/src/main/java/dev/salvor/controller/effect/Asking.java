package dev.salvor.controller.effect;

import dev.salvor.common.unit.RunId;
import dev.salvor.controller.core.RunState;
import java.util.Optional;

/// Asks the loop how a run stands after everything that is queued before the question.
public interface Asking {
  /// Waits for the answer, bounded; empty when the loop does not answer or knows no such run.
  Optional<RunState> ask(RunId run);
}
