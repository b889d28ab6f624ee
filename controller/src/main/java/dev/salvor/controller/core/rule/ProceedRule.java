package dev.salvor.controller.core.rule;

import dev.salvor.controller.core.AgentOrder;
import dev.salvor.controller.core.Cargo.Frontier;
import dev.salvor.controller.core.Decision;
import dev.salvor.controller.core.Disk;
import dev.salvor.controller.core.Effect;
import dev.salvor.controller.core.Policy;
import dev.salvor.controller.core.Rental;
import dev.salvor.controller.core.Rental.JobState;
import dev.salvor.controller.core.RunState;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// A box that has come up, or whose job was killed, is told to start the job: from the frontier if
/// its disk is new.
final class ProceedRule implements Rule {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @Override
  public Optional<Decision> decide(RunState s, Policy policy, Instant now) {
    if (Situation.finishing(s, policy)) {
      return Optional.empty();
    }
    return s.current()
        .filter(r -> r.held() && r.alive() && !Situation.left(s, r) && waits(s, r))
        .filter(r -> !PrepareRule.due(s, r))
        .filter(r -> !Situation.telling(s, r.ref()) && Situation.rested(r, now))
        .filter(r -> paused(r, policy, now))
        .map(r -> proceed(s, r));
  }

  private static boolean waits(RunState s, Rental r) {
    boolean fresh = r.aboard().boot() > r.aboard().told();
    boolean again = r.job() instanceof JobState.Ended && Situation.lastEnd(s).isPresent();
    return fresh || again;
  }

  /// A job that ends again and again is given ever more time.
  private static boolean paused(Rental r, Policy policy, Instant now) {
    return !(r.job() instanceof JobState.Ended ended)
        || !now.isBefore(ended.at().plus(policy.restarts().pauseAfter(r.aboard().restarts())));
  }

  private static Decision proceed(RunState s, Rental r) {
    AgentOrder order = order(s, r);
    String what =
        switch (order) {
          case AgentOrder.ProceedFrom from ->
              "resume from " + from.unit() + beside(from.also().size());
          case AgentOrder.Proceed _,
              AgentOrder.Quiesce _,
              AgentOrder.StopJob _,
              AgentOrder.StopHung _,
              AgentOrder.AskCheckpoint _,
              AgentOrder.Fence _ ->
              r.job() instanceof JobState.Ended ? "start the job again" : "start the job";
        };
    String why =
        r.job() instanceof JobState.Ended ended
            ? why(s, r, ended)
            : "boot " + r.aboard().boot() + " of rental " + r.ref() + " is up";
    return Decision.act(
        "proceed", what, why, new Effect.Tell(r.ref(), r.aboard().boot(), order), PATIENCE);
  }

  private static String why(RunState s, Rental r, JobState.Ended ended) {
    return s.learned().heard().begunFor(r)
        ? "a policy for its log says so: " + s.learned().heard().begun().line()
        : "it ended by no fault of its own: " + ended.cause();
  }

  private static String beside(int also) {
    return also == 0 ? "" : " and the newest of %d other series".formatted(also);
  }

  private static AgentOrder order(RunState s, Rental r) {
    // One whose restore was cut short has nothing whole of its own either.
    boolean newDisk = r.aboard().disk() != Disk.OWN;
    return s.cargo().frontier() instanceof Frontier.At at
            && at.unit().generation() < r.ref().generation()
            && newDisk
        ? new AgentOrder.ProceedFrom(at.unit(), s.cargo().beside(at))
        : new AgentOrder.Proceed();
  }
}
