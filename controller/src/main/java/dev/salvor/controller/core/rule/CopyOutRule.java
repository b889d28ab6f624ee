package dev.salvor.controller.core.rule;

import dev.salvor.common.checkpoint.Completeness;
import dev.salvor.common.checkpoint.UnitKind;
import dev.salvor.controller.core.Cargo.Proof;
import dev.salvor.controller.core.Cargo.Stowed;
import dev.salvor.controller.core.Decision;
import dev.salvor.controller.core.Effect;
import dev.salvor.controller.core.Policy;
import dev.salvor.controller.core.Prunings;
import dev.salvor.controller.core.Rental;
import dev.salvor.controller.core.Rental.JobState;
import dev.salvor.controller.core.RunState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The newest complete checkpoint of a box that speaks is copied out, then its results: one copy at
/// a time a box.
final class CopyOutRule implements Rule {
  private static final Duration PATIENCE = Duration.ofMinutes(30);

  /// Of what was passed over: its trainer may have removed it long ago.
  private static final int MOST_TRIES = 3;

  @Override
  public Optional<Decision> decide(RunState s, Policy policy, Instant now) {
    if (Situation.halted(s)) {
      return Optional.empty();
    }
    return s.rentals().values().stream()
        .filter(r -> r.held() && r.alive() && !copying(s, r))
        .flatMap(r -> next(s, r).filter(u -> due(u, now)).map(u -> copy(s, r, u)).stream())
        .findFirst();
  }

  private static boolean copying(RunState s, Rental r) {
    return s.opened(Effect.CopyOut.class).stream().anyMatch(copy -> copy.rental().equals(r.ref()));
  }

  private static Optional<Stowed> next(RunState s, Rental r) {
    List<Stowed> unsafe = s.cargo().unsafeOldestFirst(r.ref());
    Optional<Stowed> checkpoint =
        unsafe.reversed().stream().filter(u -> u.unit().kind() == UnitKind.CHECKPOINT).findFirst();
    boolean left = s.spec().finish().leaveResults();
    return checkpoint
        .or(() -> left ? Optional.empty() : s.cargo().newestUnsafeResults(r.ref()))
        .or(() -> passedOver(s, r));
  }

  /// While a job runs on a short disk, what newer ones made superfluous comes home after all, once
  /// nothing else has to: only then may it go from there.
  private static Optional<Stowed> passedOver(RunState s, Rental r) {
    boolean wanted =
        Situation.carryingOn(s) && r.job() instanceof JobState.Running && Prunings.relieves(s, r);
    return wanted
        ? s.cargo().unprovenOldestFirst(r.ref()).stream()
            .filter(u -> u.unit().completeness() == Completeness.COMMITTED)
            .filter(u -> u.proof() instanceof Proof.None none && none.failures() < MOST_TRIES)
            .findFirst()
        : Optional.empty();
  }

  private static boolean due(Stowed unit, Instant now) {
    return unit.proof() instanceof Proof.None none && !now.isBefore(none.notBefore());
  }

  private static Decision copy(RunState s, Rental r, Stowed stowed) {
    String what =
        switch (stowed.unit().kind()) {
          case CHECKPOINT -> "copy out the checkpoint at step " + stowed.unit().step();
          case RESULTS -> "copy out the results";
        };
    return Decision.act(
            "copy-out",
            what,
            "it is complete and lies on the box alone",
            new Effect.CopyOut(r.ref(), stowed.unit()),
            PATIENCE)
        .resting(
            List.of(
                "unit " + stowed.unit().id(),
                stowed.unit().manifest().bytes() + " bytes",
                "frontier " + s.cargo().frontier()));
  }
}
