package dev.salvor.controller.core.rule;

import dev.salvor.controller.core.Cargo.Proof;
import dev.salvor.controller.core.Cargo.Stowed;
import dev.salvor.controller.core.Decision;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.core.Policy;
import dev.salvor.controller.core.Rental;
import dev.salvor.controller.core.RunState;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What is complete on a box and cannot be brought home, however often it is tried, is told of: its
/// box is kept for it and bills, and only a person can say that it may be lost.
final class UncopiedRule implements Rule {
  /// Some ten minutes of tries: a network or a target that mends itself has done so.
  private static final int FAILURES_TOLD = 10;

  @Override
  public Optional<Decision> decide(RunState s, Policy policy, Instant now) {
    return s.cargo().units().values().stream()
        .filter(u -> failures(u) >= FAILURES_TOLD)
        .filter(u -> held(s, u) && !s.announced(key(u)) && !s.cargo().replaced(u))
        .findFirst()
        .map(u -> announce(s, u, now));
  }

  private static boolean held(RunState s, Stowed unit) {
    Rental r = s.rentals().get(unit.on());
    return r != null && r.held();
  }

  private static int failures(Stowed unit) {
    return unit.proof() instanceof Proof.None none ? none.failures() : 0;
  }

  private static String key(Stowed unit) {
    return "uncopied-" + unit.on();
  }

  private static Decision announce(RunState s, Stowed unit, Instant now) {
    Rental r = s.rentals().get(unit.on());
    String what =
        "%s on rental %s could not be brought home %d times in a row"
            .formatted(unit.unit().id(), unit.on(), failures(unit));
    String next =
        "It is tried on, and its box is kept for it at %s. 'salvor explain %s' says why it failed; 'salvor destroy' with its --abandon gives it up."
            .formatted(r == null ? "its price" : r.seen().sight().burn(), s.spec().run());
    return Decision.note(
            "uncopied",
            "say that cargo does not come home",
            what,
            new Fact.Announced(now, key(unit), what, next))
        .resting(List.of("frontier " + s.cargo().frontier()));
  }
}
