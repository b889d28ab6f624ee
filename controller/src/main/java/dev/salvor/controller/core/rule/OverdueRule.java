package dev.salvor.controller.core.rule;

import dev.salvor.controller.core.Decision;
import dev.salvor.controller.core.Effect;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.core.Outcome;
import dev.salvor.controller.core.Policy;
import dev.salvor.controller.core.RunState;
import java.time.Instant;
import java.util.Optional;

/// An effect whose deadline passed without an outcome is settled as failed, so that nothing waits
/// for ever.
final class OverdueRule implements Rule {
  @Override
  public Optional<Decision> decide(RunState s, Policy policy, Instant now) {
    return s.open().values().stream()
        .filter(intent -> now.isAfter(intent.since().plus(intent.patience())))
        .findFirst()
        .map(intent -> {
          String what = "to " + Told.kind(intent.effect());
          String why = "no outcome within " + Told.time(intent.patience());
          Outcome outcome =
              intent.effect() instanceof Effect.Create
                  ? new Outcome.Unclear(why)
                  : new Outcome.Failed(why, true);
          return Decision.note(
              "overdue",
              what + " counts as failed",
              why,
              new Fact.Settled(now, intent.id(), outcome));
        });
  }
}
