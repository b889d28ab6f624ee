package dev.salvor.controller.core.rule;

import dev.salvor.controller.core.Decision;
import dev.salvor.controller.core.Policy;
import dev.salvor.controller.core.RunState;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The decider: the first rule that has something to say says the next thing. Asked again after
/// each, until none has.
public final class Decide {
  private static final List<Rule> RULES =
      List.of(
          new OverdueRule(),
          new BudgetRule(),
          new DeadlineRule(),
          new FencedRule(),
          new FenceRule(),
          new HaltRule(),
          new PrepareRule(),
          new ProceedRule(),
          new StallRule(),
          new AskRule(),
          new CopyOutRule(),
          new GiveUpRule(),
          new QuietRule(),
          new RescueRule(),
          new ArmRule(),
          new LoadingRule(),
          new SearchRule(),
          new RentRule(),
          new DestroyRule(),
          new StuckRule(),
          new SelfStopRule(),
          new AsideRule(),
          new BurnRule(),
          new SilenceRule(),
          new EndRule());

  private Decide() {}

  /// The next decision about a run as it stands now, if there is one.
  public static Optional<Decision> next(RunState s, Policy policy, Instant now) {
    for (Rule rule : RULES) {
      Optional<Decision> decision = rule.decide(s, policy, now);
      if (decision.isPresent()) {
        return decision;
      }
    }
    return Optional.empty();
  }
}
