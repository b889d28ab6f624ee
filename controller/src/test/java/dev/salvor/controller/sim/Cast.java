package dev.salvor.controller.sim;

import dev.salvor.controller.core.Core;
import dev.salvor.controller.core.Policy;
import dev.salvor.controller.core.rule.Decide;
import java.util.function.Function;

/// Who plays in a world: the product's core, workers and agents, or ones that lack a guard.
record Cast(Function<Sim, SimEffects> effects, Core core, Habits habits) {
  static final Cast USUAL =
      new Cast(SimEffects::new, Decide.by(Policy.DEFAULT), new Habits(false, 2, true));

  /// What agents do.
  ///
  /// @param startsAtOnce a box that comes back starts its job without waiting for a word
  /// @param pins checkpoints of one model that it keeps from rotation: the newest, and the one
  ///   being sent; 0 for all
  /// @param heedsLease it stops its box when nobody answers for too long
  record Habits(boolean startsAtOnce, int pins, boolean heedsLease) {}

  Cast with(Function<Sim, SimEffects> other) {
    return new Cast(other, core, habits);
  }

  Cast with(Core other) {
    return new Cast(effects, other, habits);
  }

  Cast with(Habits other) {
    return new Cast(effects, core, other);
  }
}
