package dev.salvor.controller.core.rule;

import dev.salvor.controller.core.Core;
import dev.salvor.controller.core.Decision;
import dev.salvor.controller.core.Policy;
import dev.salvor.controller.core.RunState;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The decider: the first rule that has something to say says the next thing. Asked again after
/// each, until none has.
public final class Decide {
  static final List<Rule> RULES =
      List.of(
          new OverdueRule(),
          new BudgetRule(),
          new FleetRule(),
          new CreditRule(),
          new DeadlineRule(),
          new FencedRule(),
          new FenceRule(),
          new HaltRule(),
          new GateRule(),
          new LogRule(),
          new PrepareRule(),
          new ProceedRule(),
          new StallRule(),
          new AskRule(),
          new CopyOutRule(),
          new UncopiedRule(),
          new GiveUpRule(),
          new QuietRule(),
          new RescueRule(),
          new DrillRule(),
          new ContractRule(),
          new PriceRule(),
          new ArmRule(),
          new LoadingRule(),
          new NowhereRule(),
          new SearchRule(),
          new RentRule(),
          new DestroyRule(),
          new StuckRule(),
          new SelfStopRule(),
          new AsideRule(),
          new BurnRule(),
          new OverrunRule(),
          new ReconcileRule(),
          new SilenceRule(),
          new PruneRule(),
          new RetentionRule(),
          new CadenceRule(),
          new IdleRule(),
          new EndRule());

  /// Of what is only looked on at, nothing is touched that nobody gave up.
  static final List<Rule> LOOKING_ON =
      List.of(new OverdueRule(), new OrphanRule(), new VolumeRule(), new DestroyRule());

  private Decide() {}

  /// The core that decides by this policy.
  public static Core by(Policy policy) {
    return new Rulebook(policy, RULES, LOOKING_ON);
  }

  /// The next decision about a run as it stands now, if there is one.
  public static Optional<Decision> next(RunState s, Policy policy, Instant now) {
    return by(policy).next(s, now);
  }
}
