package dev.salvor.controller.core.rule;

import dev.salvor.common.checkpoint.UnitKind;
import dev.salvor.controller.core.Cargo.Stowed;
import dev.salvor.controller.core.Decision;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.core.Policy;
import dev.salvor.controller.core.Rental;
import dev.salvor.controller.core.RunState;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Results that the user gave up beforehand are written down as given up, with what is lost, before
/// their box goes. Checkpoints never are.
final class GiveUpRule implements Rule {
  @Override
  public Optional<Decision> decide(RunState s, Policy policy, Instant now) {
    if (!s.spec().finish().leaveResults() || !Situation.finishing(s, policy)) {
      return Optional.empty();
    }
    return s.rentals().values().stream()
        .filter(Rental::held)
        .filter(r -> !left(s, r).isEmpty())
        .findFirst()
        .map(r -> giveUp(r, left(s, r), now));
  }

  private static List<Stowed> left(RunState s, Rental r) {
    return s.cargo().unsafe(r.ref()).stream()
        .filter(u -> u.unit().kind() == UnitKind.RESULTS)
        .toList();
  }

  private static Decision giveUp(Rental r, List<Stowed> left, Instant now) {
    int files = left.stream().mapToInt(u -> u.unit().manifest().files().size()).sum();
    long bytes = left.stream().mapToLong(u -> u.unit().manifest().bytes()).sum();
    String what = "the results on rental %s, %d files, %d bytes".formatted(r.ref(), files, bytes);
    return Decision.note(
            "give-up",
            "give up " + what,
            "the user said so when the run was asked for",
            new Fact.CargoGivenUp(
                now, r.ref(), left.stream().map(u -> u.unit().id()).toList(), what))
        .resting(left.stream().map(GiveUpRule::line).toList());
  }

  private static String line(Stowed stowed) {
    return "%s in %s, %d bytes"
        .formatted(
            stowed.unit().id(), stowed.unit().manifest().root(), stowed.unit().manifest().bytes());
  }
}
