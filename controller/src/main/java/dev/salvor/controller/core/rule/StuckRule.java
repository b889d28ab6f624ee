package dev.salvor.controller.core.rule;

import dev.salvor.controller.core.Decision;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.core.Policy;
import dev.salvor.controller.core.RunState;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// A run that cannot get a machine says so; it goes on trying, ever more slowly.
final class StuckRule implements Rule {
  private static final int TRIES = 4;

  @Override
  public Optional<Decision> decide(RunState s, Policy policy, Instant now) {
    boolean stuck =
        !Situation.finishing(s, policy) && RentRule.needed(s) && s.market().failures() >= TRIES;
    if (!stuck || s.announced(key(s))) {
      return Optional.empty();
    }
    String what = "Run " + s.spec().run() + " gets no machine: " + s.market().trouble();
    String next =
        "It goes on trying. Widen --query, raise --max-price, or end it with 'salvor destroy %s'.";
    return Optional.of(
        Decision.note(
                "stuck", "say that no machine is to be had", what, announce(s, now, what, next))
            .resting(
                List.of(
                    s.market().failures() + " tries in a row failed",
                    "query " + s.spec().market().query())));
  }

  private static Fact announce(RunState s, Instant now, String what, String next) {
    return new Fact.Announced(now, key(s), what, next.formatted(s.spec().run()));
  }

  private static String key(RunState s) {
    return "stuck-" + s.rentals().size();
  }
}
