package dev.salvor.controller.core.rule;

import dev.salvor.common.unit.Usd;
import dev.salvor.controller.core.RunState;

/// What of a run's budget is not to be worked with, for those who show it.
public final class Kept {
  private Kept() {}

  /// For bringing home what its present boxes hold.
  public static Usd of(RunState s) {
    return s.over() ? Usd.ZERO : Reserve.of(s).usd();
  }
}
