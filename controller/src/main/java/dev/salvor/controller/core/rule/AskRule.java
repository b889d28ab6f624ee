package dev.salvor.controller.core.rule;

import dev.salvor.controller.core.AgentOrder;
import dev.salvor.controller.core.Decision;
import dev.salvor.controller.core.Effect;
import dev.salvor.controller.core.Policy;
import dev.salvor.controller.core.Rental.JobState;
import dev.salvor.controller.core.RunState;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// The running job is asked for a checkpoint when the user wants one.
final class AskRule implements Rule {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @Override
  public Optional<Decision> decide(RunState s, Policy policy, Instant now) {
    return s.current()
        .filter(r -> r.held() && r.alive() && r.job() instanceof JobState.Running)
        .filter(r -> r.aboard().asks() > 0 && !s.spec().job().care().listens().isEmpty())
        .filter(r -> !Situation.telling(s, r.ref()))
        .map(r ->
            Decision.act(
                "ask",
                "ask the job for a checkpoint",
                "the user wants one now; the job listens to " + s.spec().job().care().listens(),
                new Effect.Tell(r.ref(), r.aboard().boot(), new AgentOrder.AskCheckpoint()),
                PATIENCE));
  }
}
