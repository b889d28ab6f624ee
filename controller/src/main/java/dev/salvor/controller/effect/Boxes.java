package dev.salvor.controller.effect;

import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.unit.RunId;
import dev.salvor.controller.core.Effect;
import dev.salvor.controller.core.Outcome;
import dev.salvor.controller.core.PrunePermit;
import dev.salvor.controller.core.RentalRef;
import dev.salvor.controller.core.RunState;

/// The boxes that are connected now. Never blocks.
public interface Boxes {

  /// Done when the order left on the live stream of that boot.
  Outcome tell(RunId run, long id, Effect.Tell tell, RunState state);

  /// Done when the order left on the live stream of that boot; the box itself says what came of it.
  Outcome prune(RunId run, long id, PrunePermit permit);

  /// Done when the order left; the copy itself reports when it has landed.
  Outcome carryOut(RunId run, RentalRef rental, long id, Unit unit);
}
