package dev.salvor.controller.core.rule;

import dev.salvor.common.unit.Usd;
import dev.salvor.controller.core.AgentOrder;
import dev.salvor.controller.core.Decision;
import dev.salvor.controller.core.Effect;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.core.Policy;
import dev.salvor.controller.core.Rental;
import dev.salvor.controller.core.RunState;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// How often the job writes a checkpoint against how often it pays, by what was seen of its boxes
/// and of its own checkpoints: told once, and again when it changes much; a job that listens is
/// asked when more than that would be lost.
final class CadenceRule implements Rule {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /// Within this factor, it hardly matters.
  private static final double FAR = 2;

  /// An interval is judged when a checkpoint was seen, not at each turn.
  private static final Duration NEWS = Duration.ofSeconds(30);

  @Override
  public Optional<Decision> decide(RunState s, Policy policy, Instant now) {
    if (Situation.finishing(s, policy)) {
      return Optional.empty();
    }
    return s.current()
        .filter(r -> r.held() && r.alive() && r.job() instanceof Rental.JobState.Running)
        .flatMap(r -> Cadence.of(s, r, now).flatMap(c -> next(s, r, c, now)));
  }

  private static Optional<Decision> next(RunState s, Rental r, Cadence c, Instant now) {
    boolean listens = !s.spec().job().care().listens().isEmpty();
    if (listens && now.isAfter(c.last().plus(c.wanted()))) {
      return ask(s, r, c, now);
    }
    return now.isBefore(c.last().plus(NEWS)) ? advise(s, c, now) : Optional.empty();
  }

  private static Optional<Decision> ask(RunState s, Rental r, Cadence c, Instant now) {
    boolean asked = now.isBefore(r.aboard().askedAt().plus(c.wanted())) || r.aboard().asks() > 0;
    if (asked || Situation.telling(s, r.ref())) {
      return Optional.empty();
    }
    return Optional.of(
        Decision.act(
                "cadence",
                "ask the job for a checkpoint",
                "%s of work would be lost, and every %s pays best"
                    .formatted(Told.time(Duration.between(c.last(), now)), Told.time(c.wanted())),
                new Effect.Tell(r.ref(), r.aboard().boot(), new AgentOrder.AskCheckpoint()),
                PATIENCE)
            .resting(c.lines()));
  }

  /// Said again when what pays, or what the job does, has doubled or halved.
  private static Optional<Decision> advise(RunState s, Cadence c, Instant now) {
    return c.actual()
        .filter(is -> Math.abs(doublings(is, c)) > 1 && !s.announced(key(is, c)))
        .map(is -> advise(s, c, is, now));
  }

  private static double doublings(Duration is, Cadence c) {
    double ratio = (double) is.toMillis() / Math.max(1, c.wanted().toMillis());
    return Math.log(Math.max(1e-6, ratio)) / Math.log(FAR);
  }

  private static String key(Duration is, Cadence c) {
    return "cadence-%d".formatted(Math.round(doublings(is, c)));
  }

  private static Decision advise(RunState s, Cadence c, Duration is, Instant now) {
    Usd worth = c.waste(is).minus(c.waste(c.wanted()));
    String what =
        "The job of run %s writes a checkpoint every %s; every %s would pay better, by %s an hour"
            .formatted(s.spec().run(), Told.time(is), Told.time(c.wanted()), worth);
    return Decision.note(
            "cadence",
            "say how often a checkpoint pays",
            what,
            new Fact.Announced(
                now,
                key(is, c),
                what,
                "Set the job's own interval; a box finds this one in SALVOR_CHECKPOINT_SECONDS (%d)."
                    .formatted(c.wanted().toSeconds())))
        .resting(c.lines());
  }
}
