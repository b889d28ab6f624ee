package dev.salvor.controller.effect;

import dev.salvor.common.unit.RunId;
import dev.salvor.controller.core.FailedMachine;
import java.util.List;

/// Remembers what machines did to our runs, so that one run learns from another.
public interface Failures {
  /// Machines that failed other runs than this one, as far as that still counts. Waits for the
  /// answer, bounded; none where nobody answers.
  List<FailedMachine> elsewhere(RunId run);
}
