package dev.salvor.controller.core.rule;

import dev.salvor.common.checkpoint.Unit;
import dev.salvor.controller.core.Cargo;
import dev.salvor.controller.core.Decision;
import dev.salvor.controller.core.Effect;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.core.Policy;
import dev.salvor.controller.core.PrunePermit.Terms;
import dev.salvor.controller.core.Prunings;
import dev.salvor.controller.core.Rental;
import dev.salvor.controller.core.Rental.JobState;
import dev.salvor.controller.core.RunState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// While a job runs on a disk that is short, checkpoints that are home are removed from it, one at
/// a time, by permit, down to as many as its user wants there.
final class PruneRule implements Rule {
  @Override
  public Optional<Decision> decide(RunState s, Policy policy, Instant now) {
    if (!Situation.carryingOn(s)) {
      return Optional.empty();
    }
    return s.current()
        .filter(r -> r.job() instanceof JobState.Running)
        .flatMap(r -> left(s, r, now).or(() -> next(s, r, now)));
  }

  private static Optional<Decision> next(RunState s, Rental r, Instant now) {
    boolean rests = now.isBefore(s.cargo().pruning().notBefore());
    return rests || s.isOpen(Effect.Prune.class)
        ? Optional.empty()
        : Prunings.surplus(s, r).flatMap(unit -> prune(s, r, unit, now));
  }

  private static Optional<Decision> prune(RunState s, Rental r, Unit unit, Instant now) {
    return Prunings.rule(s, r.ref(), unit.id(), now) instanceof Prunings.Ruling.Granted(Terms terms)
        ? Optional.of(
            Decision.act(
                    "prune",
                    "remove the checkpoint at step %d from the box, by permit"
                        .formatted(unit.step()),
                    "its disk at %s is short of %s, and the copy is kept; there stay %s"
                        .formatted(
                            r.aboard().room().place(),
                            r.aboard().room().lack(),
                            s.spec().job().care().retention().boxWords()),
                    new Effect.Prune(terms),
                    Duration.between(now, terms.expires()))
                .resting(
                    List.of(
                        "unit " + unit.id(),
                        "stay: " + terms.stays(),
                        "frontier " + s.cargo().frontier())))
        : Optional.empty();
  }

  /// One that stays though it was asked for again and again, is told: once a box.
  private static Optional<Decision> left(RunState s, Rental r, Instant now) {
    String key = "unpruned:" + r.ref();
    return s.cargo()
        .on(r.ref())
        .map(Cargo.Stowed::unit)
        .filter(unit -> s.cargo().pruning().left(unit.id()))
        .findFirst()
        .filter(_ -> !s.announced(key))
        .map(unit -> {
          String what =
              "The disk of rental %s is short, and the checkpoint at step %d could not be removed from it"
                  .formatted(r.ref(), unit.step());
          String next =
              "It is left there, as others are that cannot go. 'salvor explain %s' says why: where its copy is not whole any more, bring it home with 'salvor pull' or by hand before you let the box go."
                  .formatted(s.spec().run());
          return Decision.note(
              "prune",
              "say that a checkpoint stays on a short disk",
              what,
              new Fact.Announced(now, key, what, next));
        });
  }
}
