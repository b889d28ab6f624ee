package dev.salvor.controller.core.rule;

import dev.salvor.controller.core.Decision;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.core.Policy;
import dev.salvor.controller.core.RunState;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// At its deadline a run is brought home and ended, done or not.
final class DeadlineRule implements Rule {
  @Override
  public Optional<Decision> decide(RunState s, Policy policy, Instant now) {
    if (Situation.finishing(s, policy)) {
      return Optional.empty();
    }
    return s.spec().deadline().filter(end -> !now.isBefore(end)).map(end -> ended(s, end, now));
  }

  private static Decision ended(RunState s, Instant end, Instant now) {
    return Decision.note(
            "deadline",
            "bring everything home and end",
            "the deadline of " + end + " has come",
            new Fact.WindDownAsked(now, "deadline"),
            new Fact.Announced(
                now,
                "deadline",
                "Run %s reached its deadline: %s".formatted(s.spec().run(), end),
                "To go on from the frontier, run it again with a later deadline."))
        .resting(List.of("deadline " + end, "spent " + s.spent(now)));
  }
}
