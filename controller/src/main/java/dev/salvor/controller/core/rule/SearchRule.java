package dev.salvor.controller.core.rule;

import dev.salvor.controller.core.Decision;
import dev.salvor.controller.core.Effect;
import dev.salvor.controller.core.Policy;
import dev.salvor.controller.core.Rental;
import dev.salvor.controller.core.RunState;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Asks the market what it has, when a machine is needed or the arms are to be weighed.
final class SearchRule implements Rule {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @Override
  public Optional<Decision> decide(RunState s, Policy policy, Instant now) {
    boolean wanted =
        !Situation.finishing(s, policy) && (RentRule.needed(s) || weighing(s) || risen(s));
    if (!wanted
        || !stale(s, policy, now)
        || s.isOpen(Effect.Search.class)
        || now.isBefore(s.market().notBefore())) {
      return Optional.empty();
    }
    String why =
        RentRule.needed(s) ? "the run needs a machine" : "a box was lost: what else is there?";
    return Optional.of(
        Decision.act("search", "ask the market for offers", why, new Effect.Search(), PATIENCE));
  }

  private static boolean weighing(RunState s) {
    return s.current().map(r -> r.held() && lostAndOpen(r)).orElse(false);
  }

  /// Its price went up, and nobody has looked since what else there is.
  private static boolean risen(RunState s) {
    return s.current()
        .filter(PriceRule::rose)
        .flatMap(r -> s.notice(PriceRule.told(r)))
        .filter(told -> s.market().searchedAt().isBefore(told.at()))
        .isPresent();
  }

  private static boolean lostAndOpen(Rental r) {
    return r.lost() && !r.marks().givenUp();
  }

  static boolean stale(RunState s, Policy policy, Instant now) {
    return now.isAfter(s.market().searchedAt().plus(policy.patience().offers()));
  }
}
