package dev.salvor.controller.core.rule;

import dev.salvor.controller.core.Decision;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.core.Policy;
import dev.salvor.controller.core.RunState;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// A run that may rent nothing ends when its one box is lost for good: what it left is brought
/// home.
final class NowhereRule implements Rule {
  private static final String RULE = "nowhere";

  @Override
  public Optional<Decision> decide(RunState s, Policy policy, Instant now) {
    boolean ends =
        !s.spec().market().rents() && !Situation.finishing(s, policy) && RentRule.needed(s);
    return ends ? Optional.of(end(s, now)) : Optional.empty();
  }

  private static Decision end(RunState s, Instant now) {
    String why = "its box is lost, and nothing says how to go on elsewhere";
    String what =
        "Run %s ends: %s; frontier %s".formatted(s.spec().run(), why, s.cargo().frontier());
    return Decision.note(
            RULE,
            "bring home what there is and end",
            why,
            new Fact.WindDownAsked(now, "the loss of its only box"),
            new Fact.Announced(
                now,
                RULE,
                what,
                "'salvor explain %s' says what became of the box. A run.yaml would have let it go on elsewhere."
                    .formatted(s.spec().run())))
        .resting(s.current().map(r -> List.of("verdict " + r.seen().verdict())).orElse(List.of()));
  }
}
