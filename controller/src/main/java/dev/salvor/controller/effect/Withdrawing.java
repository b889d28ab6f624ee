package dev.salvor.controller.effect;

import dev.salvor.common.checkpoint.UnitId;
import dev.salvor.common.unit.RunId;
import dev.salvor.controller.core.Cargo;
import dev.salvor.controller.core.Effect;
import dev.salvor.controller.core.Outcome;
import dev.salvor.controller.core.RunState;
import dev.salvor.controller.core.UnitPermit;
import dev.salvor.controller.core.Withdrawals;
import java.time.InstantSource;
import java.util.Optional;

/// Takes a unit from where it is kept: only with the permit that its intent left in the state, only
/// while what stays is whole there, and only if no later fact speaks against it.
final class Withdrawing {
  private final Home home;
  private final Asking asking;
  private final InstantSource clock;

  Withdrawing(Home home, Asking asking, InstantSource clock) {
    this.home = home;
    this.asking = asking;
    this.clock = clock;
  }

  Outcome run(RunId run, long id, Effect.Withdraw withdraw, RunState state) {
    UnitPermit permit = state.cargo().withdrawing().permits().get(id);
    if (permit == null) {
      return new Outcome.Failed("no permit was granted for " + withdraw.terms(), true);
    }
    for (UnitId stays : permit.terms().stays()) {
      Cargo.Stowed stowed = state.cargo().units().get(stays);
      if (stowed == null || !home.stillThere(run, stowed.unit())) {
        return new Outcome.Failed(
            "the target does not hold %s whole, which is to stay".formatted(stays), true);
      }
    }
    // Last of all, so that as little as possible can happen between the answer and the call.
    Optional<RunState> now = asking.ask(run);
    UnitPermit present = now.map(s -> s.cargo().withdrawing().permits().get(id)).orElse(null);
    if (now.isEmpty() || present == null || !present.equals(permit)) {
      return new Outcome.Failed("the permit could not be checked again", true);
    }
    return switch (Withdrawals.recheck(permit, now.get(), clock.instant())) {
      case Withdrawals.Ruling.Refused(String why) ->
          new Outcome.Failed("the permit no longer holds: " + why, true);
      case Withdrawals.Ruling.Granted _ -> home.withdraw(run, permit);
    };
  }
}
