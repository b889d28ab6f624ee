package dev.salvor.controller.core.rule;

import dev.salvor.common.unit.Usd;
import dev.salvor.controller.core.Decision;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.core.Policy;
import dev.salvor.controller.core.RunState;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Near the end of the budget the run is brought home while there is still money to do it with.
final class BudgetRule implements Rule {
  /// The rest pays for the last copy-out and for the disk until then.
  private static final double SHARE = 0.95;

  @Override
  public Optional<Decision> decide(RunState s, Policy policy, Instant now) {
    Usd spent = s.spent(now);
    if (s.will() instanceof RunState.Will.WindDown
        && !s.over()
        && spent.compareTo(s.spec().budget()) >= 0) {
      return Optional.of(spentAll(s, spent, now));
    }
    if (!Situation.carryingOn(s) || spent.compareTo(limit(s.spec().budget())) < 0) {
      return Optional.empty();
    }
    return Optional.of(
        Decision.note(
                "budget",
                "bring everything home and end",
                "the budget of " + s.spec().budget() + " is nearly spent",
                new Fact.WindDownAsked(now, "budget"),
                new Fact.Announced(
                    now,
                    "budget",
                    "Run "
                        + s.spec().run()
                        + " reached its budget: "
                        + spent
                        + " of "
                        + s.spec().budget(),
                    "To go on from the frontier, run it again with a larger --budget."))
            .resting(List.of("spent " + spent, "budget " + s.spec().budget())));
  }

  /// What may be spent before everything is brought home.
  static Usd limit(Usd budget) {
    return new Usd(Math.round(budget.micros() * SHARE));
  }

  /// Bringing home took longer than the money lasted: the meter of the GPU stops, the disk is kept.
  private static Decision spentAll(RunState s, Usd spent, Instant now) {
    String what = "Run %s has spent its whole budget: %s".formatted(s.spec().run(), spent);
    return Decision.note(
            "budget",
            "stop everything at once",
            "the budget of " + s.spec().budget() + " is spent",
            new Fact.HaltAsked(now, "budget"),
            new Fact.Announced(
                now,
                "budget-spent",
                what,
                "Its boxes are stopped, not destroyed. 'salvor destroy %s' brings home what they hold and ends them."
                    .formatted(s.spec().run())))
        .resting(List.of("spent " + spent, "budget " + s.spec().budget()));
  }
}
