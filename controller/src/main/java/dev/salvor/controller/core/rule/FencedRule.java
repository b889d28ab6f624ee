package dev.salvor.controller.core.rule;

import dev.salvor.controller.core.AgentOrder;
import dev.salvor.controller.core.Decision;
import dev.salvor.controller.core.Effect;
import dev.salvor.controller.core.Policy;
import dev.salvor.controller.core.Rental;
import dev.salvor.controller.core.RunState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// A box that the run has left and that speaks again is told so: it may report and send what it
/// has, and runs no job.
final class FencedRule implements Rule {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @Override
  public Optional<Decision> decide(RunState s, Policy policy, Instant now) {
    if (Situation.halted(s)) {
      return Optional.empty();
    }
    return s.rentals().values().stream()
        .filter(r -> r.held() && r.alive() && Situation.left(s, r))
        .filter(r -> r.aboard().boot() > r.aboard().farewell().fencedBoot())
        .filter(r -> !Situation.telling(s, r.ref()) && Situation.rested(r, now))
        .findFirst()
        .map(r -> fence(s, r));
  }

  private static Decision fence(RunState s, Rental r) {
    String why =
        s.current()
            .filter(c -> !c.ref().equals(r.ref()))
            .map(c -> "rental " + c.ref() + " is the run's present box")
            .orElse("the run goes on elsewhere");
    return Decision.act(
            "fence",
            "tell the box of rental " + r.ref() + " that it is fenced: no job, report, send",
            why,
            new Effect.Tell(r.ref(), r.aboard().boot(), new AgentOrder.Fence(why)),
            PATIENCE)
        .resting(
            List.of(
                "boot " + r.aboard().boot(),
                "the provider says: " + r.seen().sight().words(),
                "frontier " + s.cargo().frontier()));
  }
}
