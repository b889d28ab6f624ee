package dev.salvor.controller.core.rule;

import dev.salvor.controller.core.Core;
import dev.salvor.controller.core.Policy;
import java.util.List;

/// Cores whose rules lack one: what the proof is tried on.
public final class BentRules {
  private BentRules() {}

  /// Nothing ends a run that has spent its money.
  public static Core withoutBudget() {
    List<Rule> rules = Decide.RULES.stream().filter(r -> !(r instanceof BudgetRule)).toList();
    if (rules.size() == Decide.RULES.size()) {
      throw new IllegalStateException("There is no budget rule to take away");
    }
    return new Rulebook(Policy.DEFAULT, rules, Decide.LOOKING_ON);
  }
}
