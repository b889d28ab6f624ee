package dev.salvor.controller.core.rule;

import dev.salvor.controller.core.Cargo;
import dev.salvor.controller.core.Cargo.Frontier;
import dev.salvor.controller.core.Cargo.Proof;
import dev.salvor.controller.core.Cargo.Stowed;
import dev.salvor.controller.core.Decision;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.core.Policy;
import dev.salvor.controller.core.Rental;
import dev.salvor.controller.core.RunState;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;

/// What an older box trained on beyond what the run went on from is kept aside and offered: the
/// frontier stays with the box that trains now.
final class AsideRule implements Rule {
  @Override
  public Optional<Decision> decide(RunState s, Policy policy, Instant now) {
    return s.rentals().values().stream()
        .filter(r -> Situation.left(s, r))
        .flatMap(r -> newest(s, r).stream())
        .filter(u -> beyond(s, u) && !s.announced(key(u)))
        .findFirst()
        .map(u -> offer(s, u, now));
  }

  private static Optional<Stowed> newest(RunState s, Rental r) {
    return s.cargo()
        .on(r.ref())
        .filter(u -> u.proof() instanceof Proof.Proven)
        .filter(u -> u.unit().kind() == dev.salvor.common.checkpoint.UnitKind.CHECKPOINT)
        .max(Comparator.comparingLong(u -> u.unit().step()));
  }

  private static boolean beyond(RunState s, Stowed stowed) {
    long reached = s.cargo().frontier() instanceof Frontier.At at ? at.step() : -1;
    return stowed.unit().step() > reached;
  }

  private static String key(Stowed stowed) {
    return "aside-" + stowed.on() + "-step-" + stowed.unit().step();
  }

  private static Decision offer(RunState s, Cargo.Stowed stowed, Instant now) {
    String place = stowed.proof() instanceof Proof.Proven p ? p.receipt().place() : "";
    String what =
        "Rental %s had trained to step %d, further than the run went on from (frontier %s)"
            .formatted(stowed.on(), stowed.unit().step(), s.cargo().frontier());
    String next =
        "Its checkpoint is safe and kept aside in %s; the run goes on from its own."
            .formatted(place);
    return Decision.note(
        "aside",
        "keep the checkpoint at step " + stowed.unit().step() + " aside",
        what,
        new Fact.Announced(now, key(stowed), what, next));
  }
}
