package dev.salvor.controller.core;

import dev.salvor.common.unit.Usd;
import dev.salvor.common.unit.UsdPerHour;
import java.time.Instant;
import java.util.Optional;

/// How a run begins: asked for, or with a box that somebody else rented and its owner gives up.
final class Adoption {
  private static final RentalRef ONLY = new RentalRef(1, 1);

  private Adoption() {}

  /// Empty for a fact that no run begins with.
  static Optional<RunState> begun(Fact fact) {
    if (fact instanceof Fact.RunRequested asked) {
      return Optional.of(RunState.requested(asked));
    }
    return fact instanceof Fact.BoxAbandoned given ? Optional.of(given(given)) : Optional.empty();
  }

  private static RunState given(Fact.BoxAbandoned f) {
    RunState asked = RunState.requested(new Fact.RunRequested(f.at(), f.spec()));
    return asked
        .with(rental(f))
        .with(new RunState.Will.WindDown("the user, who gave the box up", f.at()));
  }

  /// What it did before nobody knows: its disk may hold anything.
  private static Rental rental(Fact.BoxAbandoned f) {
    Rental.Aboard stranger =
        new Rental.Aboard(0, 0, 0, 0, true, Farewell.NONE, new Rental.Starts(0, 0), Fit.NOT_TRIED);
    Instant at = f.at();
    return new Rental(
        ONLY,
        f.offer(),
        f.offer().price(),
        at,
        new Rental.Hold.Held(f.instance()),
        new Rental.Seen(Sight.NONE, true, new Verdict.Coming(), at, at, Instant.MAX),
        stranger,
        new Rental.JobState.Idle(),
        0,
        new Rental.Quiet.No(),
        new Rental.Salvage.NotTried(0, at),
        new Meter(Usd.ZERO, UsdPerHour.ZERO, at),
        Rental.Marks.NONE.abandon());
  }
}
