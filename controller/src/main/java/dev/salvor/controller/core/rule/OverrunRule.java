package dev.salvor.controller.core.rule;

import dev.salvor.common.unit.Usd;
import dev.salvor.common.unit.UsdPerHour;
import dev.salvor.controller.core.Decision;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.core.Policy;
import dev.salvor.controller.core.Rental;
import dev.salvor.controller.core.Rental.Hold;
import dev.salvor.controller.core.RunState;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/// The one overrun of a budget is the disk of a box that cannot be let go of yet; it is told again
/// each day.
final class OverrunRule implements Rule {
  @Override
  public Optional<Decision> decide(RunState s, Policy policy, Instant now) {
    Usd spent = s.spent(now);
    if (spent.compareTo(s.spec().budget()) < 0) {
      return Optional.empty();
    }
    return s.rentals().values().stream()
        .filter(r -> r.held() && !r.marks().eraseAccepted() && r.meter().rate().micros() > 0)
        .filter(r -> !s.announced(key(r, now)))
        .findFirst()
        .map(r -> announce(s, r, spent, now));
  }

  private static String key(Rental r, Instant now) {
    return "overrun-%s-%s".formatted(r.ref(), now.truncatedTo(ChronoUnit.DAYS));
  }

  private static Decision announce(RunState s, Rental r, Usd spent, Instant now) {
    UsdPerHour burn = r.meter().rate();
    String what =
        "Run %s is past its budget: %s of %s. Instance %s is %s and bills %s (%s a day) on"
            .formatted(
                s.spec().run(),
                spent,
                s.spec().budget(),
                ((Hold.Held) r.hold()).instance(),
                r.seen().sight().console(),
                burn,
                burn.over(Duration.ofDays(1)));
    return Decision.note(
            "overrun",
            "say that a meter runs past the budget",
            what,
            new Fact.Announced(
                now,
                key(r, now),
                what,
                "'salvor destroy %s' ends it once what it holds is home; 'salvor explain %s' says what is in the way."
                    .formatted(s.spec().run(), s.spec().run())))
        .resting(List.of("spent " + spent, "budget " + s.spec().budget(), "told once a day"));
  }
}
