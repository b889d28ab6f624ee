package dev.salvor.controller.effect;

import dev.salvor.common.unit.RunId;
import dev.salvor.controller.core.Effect;
import dev.salvor.controller.core.Outcome;
import dev.salvor.controller.core.RunState;

/// Makes a new disk fit for its job: a login that carries bytes both ways, then the user's
/// directory. Blocks for as long as the bytes take, with a bound; harmless to repeat.
public interface Preparing {
  /// Done; Failed, for good where the box is not fit for it; Refused where something on this
  /// machine is in the way of every box.
  Outcome run(RunId run, Effect.Prepare prepare, RunState state);
}
