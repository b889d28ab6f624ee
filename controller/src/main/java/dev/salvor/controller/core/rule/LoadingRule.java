package dev.salvor.controller.core.rule;

import dev.salvor.controller.core.Arm;
import dev.salvor.controller.core.Decision;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.core.Policy;
import dev.salvor.controller.core.Rental;
import dev.salvor.controller.core.RunState;
import dev.salvor.controller.core.StatusWords;
import dev.salvor.controller.core.Verdict;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// A rental that does not speak in time, on its first boot or when it comes back, is given up for
/// another offer.
final class LoadingRule implements Rule {
  @Override
  public Optional<Decision> decide(RunState s, Policy policy, Instant now) {
    if (Situation.finishing(s, policy)) {
      return Optional.empty();
    }
    return s.current()
        .filter(r -> r.held() && !r.marks().givenUp())
        .filter(r -> r.aboard().boot() == 0 || r.seen().verdict() instanceof Verdict.Coming)
        .flatMap(r -> ruled(s, policy, r, now));
  }

  private static Optional<Decision> ruled(RunState s, Policy policy, Rental r, Instant now) {
    Optional<String> meaning = StatusWords.meaning(r.seen().sight().words());
    if (meaning.isPresent() && r.aboard().boot() == 0) {
      return Optional.of(end(s, r, meaning.get(), now));
    }
    boolean coming = r.seen().verdict() instanceof Verdict.Coming;
    return coming && now.isAfter(begun(r).plus(policy.patience().loading()))
        ? Optional.of(giveUp(r, policy, now))
        : Optional.empty();
  }

  /// What is asked for cannot start anywhere: the next box would cost the same, for as little.
  private static Decision end(RunState s, Rental r, String meaning, Instant now) {
    String what = "Run %s cannot start on any box: %s".formatted(s.spec().run(), meaning);
    return Decision.note(
            "loading",
            "end the run before it costs more",
            meaning,
            new Fact.WindDownAsked(now, "what the box was started with: " + meaning),
            new Fact.Announced(now, "unstartable", what, "Mend that, then run it again."))
        .resting(List.of("the provider says: " + r.seen().sight().words()));
  }

  /// Since when it is expected: since it was asked for, or since it began to come back.
  private static Instant begun(Rental r) {
    return r.aboard().boot() == 0 ? r.askedAt() : r.seen().statusSince();
  }

  private static Decision giveUp(Rental r, Policy policy, Instant now) {
    return Decision.note(
            "loading",
            "take another offer",
            "its agent has not spoken within "
                + policy.patience().loading().toMinutes()
                + " minutes",
            new Fact.ArmChosen(now, r.ref(), Arm.RELAUNCH))
        .resting(List.of("the provider says: " + r.seen().sight().words()));
  }
}
