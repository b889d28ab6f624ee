package dev.salvor.controller.main;

import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.unit.RunId;
import dev.salvor.controller.core.Effect;
import dev.salvor.controller.core.Outcome;
import dev.salvor.controller.core.RentalRef;
import dev.salvor.controller.core.RunSpec;
import dev.salvor.controller.effect.Boxes;
import dev.salvor.controller.intake.Berths;
import dev.salvor.controller.intake.Caller;
import java.util.function.Supplier;

/// Tells boxes through the intake's live streams. The intake needs the loop, and the loop's effects
/// need the intake: so it is asked for only when it is used.
record BerthBoxes(Supplier<Berths> berths) implements Boxes {
  @Override
  public Outcome tell(RunId run, long id, Effect.Tell tell, RunSpec.Job job) {
    Berths.Berth berth = new Berths.Berth(new Caller(run, tell.rental()), tell.boot());
    return berths.get().tell(berth, id, tell.order(), job);
  }

  @Override
  public Outcome carryOut(RunId run, RentalRef rental, long id, Unit unit) {
    return berths.get().carryOut(new Caller(run, rental), id, unit);
  }
}
