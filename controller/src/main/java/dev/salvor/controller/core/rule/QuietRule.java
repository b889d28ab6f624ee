package dev.salvor.controller.core.rule;

import dev.salvor.controller.core.AgentOrder;
import dev.salvor.controller.core.Decision;
import dev.salvor.controller.core.Effect;
import dev.salvor.controller.core.Policy;
import dev.salvor.controller.core.Rental;
import dev.salvor.controller.core.Rental.JobState;
import dev.salvor.controller.core.Rental.Quiet;
import dev.salvor.controller.core.RunState;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// When the run is ending, the job is stopped if it still runs, and the box is asked to say that
/// nothing more will come.
final class QuietRule implements Rule {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @Override
  public Optional<Decision> decide(RunState s, Policy policy, Instant now) {
    if (!Situation.finishing(s, policy) || Situation.halted(s)) {
      return Optional.empty();
    }
    return s.rentals().values().stream()
        .filter(r -> r.held() && r.alive() && r.aboard().boot() > 0)
        .filter(r -> !Situation.telling(s, r.ref()) && Situation.rested(r, now))
        .flatMap(r -> next(r, policy).stream())
        .findFirst();
  }

  private static Optional<Decision> next(Rental r, Policy policy) {
    if (r.job() instanceof JobState.Running) {
      return Optional.of(
          tell(
              r,
              new AgentOrder.StopJob(policy.patience().stop()),
              "stop the job",
              "the run is being ended"));
    }
    if (r.quiet() instanceof Quiet.No) {
      return Optional.of(
          tell(
              r,
              new AgentOrder.Quiesce(),
              "ask the box to be quiet",
              "the job has ended: nothing more should come"));
    }
    return Optional.empty();
  }

  private static Decision tell(Rental r, AgentOrder order, String what, String why) {
    return Decision.act(
        "quiet", what, why, new Effect.Tell(r.ref(), r.aboard().boot(), order), PATIENCE);
  }
}
