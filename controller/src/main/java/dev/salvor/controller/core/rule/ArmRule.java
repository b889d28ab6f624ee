package dev.salvor.controller.core.rule;

import dev.salvor.controller.core.Arm;
import dev.salvor.controller.core.Decision;
import dev.salvor.controller.core.Effect;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.core.Policy;
import dev.salvor.controller.core.Rental;
import dev.salvor.controller.core.Rental.Hold;
import dev.salvor.controller.core.Rental.Salvage;
import dev.salvor.controller.core.RunState;
import dev.salvor.controller.core.Sight;
import dev.salvor.controller.core.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// A lost box: wait for it, bid more for it, or go on elsewhere, whichever is expected to cost
/// least; an arm that did not work in its time gives way to the next.
final class ArmRule implements Rule {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @Override
  public Optional<Decision> decide(RunState s, Policy policy, Instant now) {
    if (Situation.finishing(s, policy)) {
      return Optional.empty();
    }
    return s.current()
        .filter(r -> r.held() && r.lost() && !r.marks().givenUp() && !Situation.busy(s, r.ref()))
        .filter(r -> !DrillRule.holds(s, r))
        .flatMap(r -> choose(s, policy, r, now));
  }

  private static Optional<Decision> choose(RunState s, Policy policy, Rental r, Instant now) {
    if (!Situation.pausedLoss(r)) {
      Verdict verdict = r.seen().verdict();
      return Optional.of(
          chosen(
              r,
              Arm.RELAUNCH,
              now,
              "the box cannot be had back: " + verdict,
              List.of("verdict " + verdict)));
    }
    boolean rescued = !(r.salvage() instanceof Salvage.NotTried) || !r.aboard().everOrdered();
    if (!rescued || pending(r, policy, now)) {
      return Optional.empty();
    }
    if (SearchRule.stale(s, policy, now) && s.market().failures() == 0) {
      return Optional.empty();
    }
    Arms arms = Arms.weigh(s, policy, r, now);
    Decision decision = chosen(r, arms.best(), now, arms.why(), arms.evidence());
    return Optional.of(
        arms.best() == Arm.RAISE
            ? new Decision(
                decision.rule(),
                decision.what() + " to " + arms.bid(),
                decision.why(),
                decision.evidence(),
                decision.facts(),
                List.of(raise(r, arms)))
            : decision);
  }

  private static Decision.Planned raise(Rental r, Arms arms) {
    return new Decision.Planned(
        new Effect.Raise(r.ref(), ((Hold.Held) r.hold()).instance(), arms.bid()), PATIENCE);
  }

  /// The arm chosen last still has time.
  private static boolean pending(Rental r, Policy policy, Instant now) {
    if (r.marks().arms().isEmpty()) {
      return false;
    }
    Duration time =
        switch (r.marks().arms().getLast()) {
          case WAIT -> policy.patience().rival();
          case RAISE -> scheduling(r) ? policy.patience().scheduling() : policy.patience().raise();
          case RELAUNCH -> Duration.ofDays(365);
        };
    return now.isBefore(r.marks().armAt().plus(time));
  }

  /// The platform knows that it is to run, and has no GPU for it: the console says "Scheduling".
  private static boolean scheduling(Rental r) {
    Sight sight = r.seen().sight();
    return sight.is(Sight.Status.STOPPED) && sight.wanted() == Sight.Wanted.RUNNING;
  }

  private static Decision chosen(
      Rental r, Arm arm, Instant now, String why, List<String> evidence) {
    String what =
        switch (arm) {
          case WAIT -> "wait for the box of rental " + r.ref();
          case RAISE -> "raise the bid for the box of rental " + r.ref();
          case RELAUNCH -> "go on elsewhere from the frontier";
        };
    return Decision.note("arm", what, why, new Fact.ArmChosen(now, r.ref(), arm)).resting(evidence);
  }
}
