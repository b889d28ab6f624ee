package dev.salvor.controller.core.rule;

import dev.salvor.common.checkpoint.Unit;
import dev.salvor.controller.core.Decision;
import dev.salvor.controller.core.Effect;
import dev.salvor.controller.core.Fact;
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
  private static final int FAILURES_TOLD = 3;

  private static final String FAILS = "retention-fails";

  @Override
  public Optional<Decision> decide(RunState s, Policy policy, Instant now) {
    boolean rests = now.isBefore(s.cargo().withdrawing().notBefore());
    if (s.spec().job().care().retention().all()
        || s.over()
        || rests
        || s.isOpen(Effect.Withdraw.class)) {
      return Optional.empty();
    }
    return failing(s)
        ? Optional.of(tell(s, now))
        : Withdrawals.surplus(s).flatMap(unit -> withdraw(s, unit, now));
  }

  private static boolean failing(RunState s) {
    return s.cargo().withdrawing().failures() >= FAILURES_TOLD && !s.announced(FAILS);
  }

  private static Decision tell(RunState s, Instant now) {
    String what =
        "Older checkpoints of run %s could not be taken from where copies are kept, %d times in a row: they take room there, and may cost money"
            .formatted(s.spec().run(), s.cargo().withdrawing().failures());
    String next =
        "It is tried again. 'salvor explain %s' says why it failed: where a newer copy is not whole any more, nothing older goes; where the target refuses, mend that."
            .formatted(s.spec().run());
    return Decision.note(
            "retention",
            "say that retention does not work",
            what,
            new Fact.Announced(now, FAILS, what, next))
        .resting(List.of("frontier " + s.cargo().frontier()));
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
                    Duration.between(now, granted.terms().expires()))
                .resting(
                    List.of(
                        "unit " + unit.id(),
                        "stay: " + granted.terms().stays(),
                        "frontier " + s.cargo().frontier())))
        : Optional.empty();
  }
}
