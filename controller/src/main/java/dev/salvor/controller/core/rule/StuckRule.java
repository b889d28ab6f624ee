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
    boolean wanting = !Situation.finishing(s, policy) && RentRule.needed(s);
    if (!wanting || s.announced(key(s))) {
      return Optional.empty();
    }
    if (s.market().failures() < TRIES && !nothingFits(s, policy, now)) {
      return Optional.empty();
    }
    String why =
        nothingFits(s, policy, now)
            ? s.market().offers().size()
                + " are for rent, none at or under "
                + s.spec().market().cap()
                + " on a machine that this run has not tried"
            : s.market().trouble();
    String what = "Run " + s.spec().run() + " gets no machine: " + why;
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

  /// The market answers, and has nothing for this run.
  private static boolean nothingFits(RunState s, Policy policy, Instant now) {
    return !s.market().offers().isEmpty()
        && s.market().failures() == 0
        && RentRule.best(s, Fare.of(s, policy, now)).isEmpty();
  }

  private static Fact announce(RunState s, Instant now, String what, String next) {
    return new Fact.Announced(now, key(s), what, next.formatted(s.spec().run()));
  }

  private static String key(RunState s) {
    return "stuck-" + s.rentals().size();
  }
}
