package dev.salvor.controller.core.rule;

import dev.salvor.controller.core.Core;
import dev.salvor.controller.core.Decision;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.core.Fold;
import dev.salvor.controller.core.Policy;
import dev.salvor.controller.core.RunState;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The core with rules in their order: the first that has something to say says the next thing.
///
/// @param lookingOn the fewer rules of what is only looked on at
record Rulebook(Policy policy, List<Rule> rules, List<Rule> lookingOn) implements Core {
  Rulebook {
    rules = List.copyOf(rules);
    lookingOn = List.copyOf(lookingOn);
  }

  @Override
  public Optional<RunState> first(Fact fact) {
    return Fold.first(fact);
  }

  @Override
  public RunState fold(RunState state, Fact fact) {
    return Fold.fold(state, fact);
  }

  @Override
  public Optional<Decision> next(RunState state, Instant now) {
    List<Rule> asked = state.will() instanceof RunState.Will.LookOn ? lookingOn : rules;
    for (Rule rule : asked) {
      Optional<Decision> decision = rule.decide(state, policy, now);
      if (decision.isPresent()) {
        return decision;
      }
    }
    return Optional.empty();
  }
}
