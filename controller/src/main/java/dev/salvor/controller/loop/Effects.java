package dev.salvor.controller.loop;

import dev.salvor.common.unit.RunId;
import dev.salvor.controller.core.Effect;
import dev.salvor.controller.core.RunState;

/// Does what was decided and journaled. Each effect's outcome comes back through the loop's queue,
/// exactly once.
public interface Effects {

  /// Takes an effect and returns at once. The state is the one that holds its intent; a destroy
  /// finds its permit there. The same id may be handed over again after a restart.
  void hand(RunId run, long id, Effect effect, RunState state);
}
