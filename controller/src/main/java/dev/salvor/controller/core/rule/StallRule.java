package dev.salvor.controller.core.rule;

import dev.salvor.controller.core.AgentOrder;
import dev.salvor.controller.core.Decision;
import dev.salvor.controller.core.Effect;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.core.Policy;
import dev.salvor.controller.core.Rental;
import dev.salvor.controller.core.Rental.JobState;
import dev.salvor.controller.core.RunState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// A job that runs and does not move is told to its user, and ended to be started again where the
/// policy says so.
final class StallRule implements Rule {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @Override
  public Optional<Decision> decide(RunState s, Policy policy, Instant now) {
    if (Situation.finishing(s, policy)) {
      return Optional.empty();
    }
    return s.current()
        .filter(r -> r.held() && r.alive())
        .flatMap(r ->
            r.job() instanceof JobState.Running running && running.hangs()
                ? next(s, r, running, policy, now)
                : Optional.empty());
  }

  private static Optional<Decision> next(
      RunState s, Rental r, JobState.Running running, Policy policy, Instant now) {
    String key = "stalled-%s-%d".formatted(r.ref(), running.stalledAt().getEpochSecond());
    if (!s.announced(key)) {
      return Optional.of(announce(s, r, running, new Said(key, now)));
    }
    boolean mayRestart =
        policy.restarts().hung() && r.aboard().restarts() < policy.restarts().most();
    if (!mayRestart || Situation.telling(s, r.ref()) || !Situation.rested(r, now)) {
      return Optional.empty();
    }
    return Optional.of(
        Decision.act(
            "stall",
            "end the job that hangs, to start it again",
            running.stalled(),
            new Effect.Tell(
                r.ref(), r.aboard().boot(), new AgentOrder.StopHung(policy.patience().stop())),
            PATIENCE));
  }

  /// Under which key, and when.
  private record Said(String key, Instant now) {}

  private static Decision announce(RunState s, Rental r, JobState.Running running, Said said) {
    String what =
        "The job of run %s on rental %s seems to hang: %s"
            .formatted(s.spec().run(), r.ref(), running.stalled());
    String next =
        "Look at it with 'salvor logs %s' or over SSH. If it is only slow, let it be: it is told"
                .formatted(s.spec().run())
            + " when it moves again. If it hangs, end the run with 'salvor destroy %s --wind-down'."
                .formatted(s.spec().run());
    return Decision.note(
            "stall",
            "say that the job does not move",
            running.stalled(),
            new Fact.Announced(said.now(), said.key(), what + ".", next))
        .resting(
            List.of(
                "the box's own judgement, by log, checkpoints, processor time and GPU readings"));
  }
}
