package dev.salvor.controller.effect;

import dev.salvor.common.unit.RunId;
import dev.salvor.controller.core.Effect;
import dev.salvor.controller.core.Outcome;
import dev.salvor.controller.core.RunState;
import dev.salvor.controller.provider.ProviderException;

/// Brings home what a paused disk holds, through the platform's own copy call. Blocks for as long
/// as the bytes take.
public interface Rescuing {
  /// Called before each renting: rentals take the keys that the account knows when they are made.
  /// Harmless to repeat.
  default void prepare() throws ProviderException {}

  /// Rescued, or Failed.
  Outcome run(RunId run, Effect.Rescue rescue, RunState state);
}
