package dev.salvor.controller.core.rule;

import dev.salvor.controller.core.Decision;
import dev.salvor.controller.core.Effect;
import dev.salvor.controller.core.Policy;
import dev.salvor.controller.core.Rental;
import dev.salvor.controller.core.Rental.Hold;
import dev.salvor.controller.core.Rental.Salvage;
import dev.salvor.controller.core.RunState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What a paused disk holds beyond the receipts is fetched before anything else is done about the
/// box; and once more when it is stopped for good, so that nothing can have come after.
final class RescueRule implements Rule {
  private static final Duration PATIENCE = Duration.ofHours(2);

  @Override
  public Optional<Decision> decide(RunState s, Policy policy, Instant now) {
    if (Situation.halted(s)) {
      return Optional.empty();
    }
    return s.rentals().values().stream()
        .filter(r -> r.held() && Situation.pausedLoss(r) && r.aboard().everOrdered())
        .filter(r -> !r.marks().eraseAccepted() && !Situation.busy(s, r.ref()))
        .filter(r -> due(r, now))
        .findFirst()
        .map(r -> rescue(s, r));
  }

  private static boolean due(Rental r, Instant now) {
    return switch (r.salvage()) {
      case Salvage.NotTried tried -> !now.isBefore(tried.notBefore());
      case Salvage.Brought brought -> r.stoppedForGood() && !brought.fenced();
      case Salvage.GivenUp tired -> !now.isBefore(tired.notBefore());
    };
  }

  private static Decision rescue(RunState s, Rental r) {
    Hold.Held held = (Hold.Held) r.hold();
    String why =
        r.salvage() instanceof Salvage.Brought
            ? "it is stopped for good now: what is fetched now is all there will ever be"
            : "its disk may hold more than was copied out";
    return Decision.act(
            "rescue",
            "fetch what the paused disk of instance " + held.instance() + " holds",
            why,
            new Effect.Rescue(r.ref(), held.instance()),
            PATIENCE)
        .resting(
            List.of(
                "verdict " + r.seen().verdict(),
                "frontier " + s.cargo().frontier(),
                s.cargo().unsafe(r.ref()).size() + " complete units without a receipt"));
  }
}
