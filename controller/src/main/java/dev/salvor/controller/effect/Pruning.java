package dev.salvor.controller.effect;

import dev.salvor.common.unit.RunId;
import dev.salvor.controller.core.Cargo;
import dev.salvor.controller.core.Effect;
import dev.salvor.controller.core.Outcome;
import dev.salvor.controller.core.PrunePermit;
import dev.salvor.controller.core.Prunings;
import dev.salvor.controller.core.RunState;
import java.time.InstantSource;
import java.util.Optional;

/// Orders a checkpoint off a box: only with the permit that its intent left in the state, only
/// while its copy is whole at home, and only if no later fact speaks against it.
final class Pruning {
  private final Boxes boxes;
  private final Home home;
  private final Asking asking;
  private final InstantSource clock;

  Pruning(Boxes boxes, Home home, Asking asking, InstantSource clock) {
    this.boxes = boxes;
    this.home = home;
    this.asking = asking;
    this.clock = clock;
  }

  /// Empty when the order left: the box itself says what came of it.
  Optional<Outcome> run(RunId run, long id, Effect.Prune prune, RunState state) {
    Outcome sent = send(run, id, prune, state);
    return sent instanceof Outcome.Done ? Optional.empty() : Optional.of(sent);
  }

  private Outcome send(RunId run, long id, Effect.Prune prune, RunState state) {
    PrunePermit permit = state.cargo().pruning().permits().get(id);
    if (permit == null) {
      return new Outcome.Failed("no permit was granted for " + prune.terms(), true);
    }
    Cargo.Stowed stowed = state.cargo().units().get(permit.terms().unit());
    if (stowed == null || !home.stillThere(run, stowed.unit())) {
      return new Outcome.Failed(
          "the target does not hold %s whole: it stays on the box".formatted(permit.terms().unit()),
          true);
    }
    // Last of all, so that as little as possible can happen between the answer and the order.
    Optional<RunState> now = asking.ask(run);
    PrunePermit present = now.map(s -> s.cargo().pruning().permits().get(id)).orElse(null);
    if (now.isEmpty() || present == null || !present.equals(permit)) {
      return new Outcome.Failed("the permit could not be checked again", true);
    }
    return switch (Prunings.recheck(permit, now.get(), clock.instant())) {
      case Prunings.Ruling.Refused(String why) ->
          new Outcome.Failed("the permit no longer holds: " + why, true);
      case Prunings.Ruling.Granted _ -> boxes.prune(run, id, permit);
    };
  }
}
