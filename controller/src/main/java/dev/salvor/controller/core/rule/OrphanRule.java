package dev.salvor.controller.core.rule;

import dev.salvor.common.unit.UsdPerHour;
import dev.salvor.controller.core.Decision;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.core.Policy;
import dev.salvor.controller.core.Rental;
import dev.salvor.controller.core.Rental.Hold;
import dev.salvor.controller.core.RunState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// A rental under our fleet's name that nobody here remembers is told of with its burn, and left
/// alone; when the platform lists it no more, its entry ends.
final class OrphanRule implements Rule {
  @Override
  public Optional<Decision> decide(RunState s, Policy policy, Instant now) {
    if (!(s.will() instanceof RunState.Will.LookOn) || s.over()) {
      return Optional.empty();
    }
    return s.current().flatMap(r -> one(s, r, now));
  }

  private static Optional<Decision> one(RunState s, Rental r, Instant now) {
    if (r.hold() instanceof Hold.Gone) {
      String why = "the platform lists it no more";
      return Optional.of(
          Decision.note(
              "orphan",
              "the orphan is gone",
              why,
              new Fact.RunEnded(now, Fact.Ending.WOUND_DOWN, why)));
    }
    boolean unseen = r.meter().rate().micros() == 0;
    return unseen || s.announced("orphan-" + r.ref()) || !(r.hold() instanceof Hold.Held held)
        ? Optional.empty()
        : Optional.of(tell(s, r, held, now));
  }

  private static Decision tell(RunState s, Rental r, Hold.Held held, Instant now) {
    UsdPerHour burn = r.meter().rate();
    String what =
        "Instance %s carries this fleet's name (%s) and no run here knows it: it is %s and bills %s (%s a day)"
            .formatted(
                held.instance(),
                s.spec().job().command(),
                r.seen().sight().console(),
                burn,
                burn.over(Duration.ofDays(1)));
    String next =
        "Nothing is done about it. To copy its /work first: 'salvor pull %s'. To bring it to its end: 'salvor destroy %s --wind-down'."
            .formatted(held.instance(), held.instance());
    return Decision.note(
            "orphan",
            "say that an instance is an orphan",
            what,
            new Fact.Announced(now, "orphan-" + r.ref(), what, next))
        .resting(List.of("the provider says: " + r.seen().sight().words()));
  }
}
