package dev.salvor.controller.core.rule;

import dev.salvor.common.checkpoint.Unit;
import dev.salvor.controller.core.Decision;
import dev.salvor.controller.core.Effect;
import dev.salvor.controller.core.Policy;
import dev.salvor.controller.core.RunState;
import dev.salvor.controller.core.Withdrawals;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Checkpoints that the user's retention does not want any more are taken from the targets, one at
/// a time, by permit.
final class RetentionRule implements Rule {
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  @Override
  public Optional<Decision> decide(RunState s, Policy policy, Instant now) {
    boolean rests = now.isBefore(s.cargo().withdrawing().notBefore());
    if (s.spec().job().care().retention().all()
        || s.over()
        || rests
        || s.isOpen(Effect.Withdraw.class)) {
      return Optional.empty();
    }
    return Withdrawals.surplus(s).flatMap(unit -> withdraw(s, unit, now));
  }

  private static Optional<Decision> withdraw(RunState s, Unit unit, Instant now) {
    return Withdrawals.rule(s, unit.id(), now) instanceof Withdrawals.Ruling.Granted granted
        ? Optional.of(
            Decision.act(
                    "retention",
                    "take the checkpoint at step %d from where copies are kept"
                        .formatted(unit.step()),
                    "of its series stay " + s.spec().job().care().retention().words(),
                    new Effect.Withdraw(granted.terms()),
                    PATIENCE)
                .resting(
                    List.of(
                        "unit " + unit.id(),
                        "stay: " + granted.terms().stays(),
                        "frontier " + s.cargo().frontier())))
        : Optional.empty();
  }
}
