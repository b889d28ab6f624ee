package dev.salvor.controller.core.rule;

import dev.salvor.common.unit.UsdPerHour;
import dev.salvor.controller.core.Decision;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.core.Farewell;
import dev.salvor.controller.core.Policy;
import dev.salvor.controller.core.Rental;
import dev.salvor.controller.core.Rental.Hold;
import dev.salvor.controller.core.RunState;
import dev.salvor.controller.core.Sight;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/// A box that stopped itself while no controller answered is told of with its reason, and with what
/// its disk has cost since and goes on costing.
final class SelfStopRule implements Rule {
  @Override
  public Optional<Decision> decide(RunState s, Policy policy, Instant now) {
    return s.rentals().values().stream()
        .filter(r -> r.held() && stoppedItself(r) && !told(s, r))
        .findFirst()
        .map(r -> announce(s, r, now));
  }

  /// Whether the user knows already what this pause is.
  static boolean told(RunState s, Rental r) {
    return s.announced(key(r));
  }

  private static boolean stoppedItself(Rental r) {
    int boot = r.aboard().farewell().stoppedBoot();
    return boot > 0 && boot == r.aboard().boot() && Situation.is(r, Sight.Status.STOPPED);
  }

  private static String key(Rental r) {
    return "self-stop-" + r.ref() + "-boot-" + r.aboard().boot();
  }

  private static Decision announce(RunState s, Rental r, Instant now) {
    Farewell bye = r.aboard().farewell();
    UsdPerHour burn = r.seen().sight().burn();
    Duration since = Duration.between(bye.then(), now);
    String cost = since.isNegative() ? "" : ", %s since then".formatted(burn.over(since));
    String what =
        "Instance %s stopped itself at %s: %s; its disk bills %s (%s a day%s)"
            .formatted(
                ((Hold.Held) r.hold()).instance(),
                bye.then().truncatedTo(ChronoUnit.SECONDS),
                bye.why(),
                burn,
                burn.over(Duration.ofDays(1)),
                cost);
    String next =
        "What it holds is brought home. 'salvor destroy %s' ends it and the run."
            .formatted(s.spec().run());
    return Decision.note(
            "self-stop",
            "say that a box stopped itself",
            what,
            new Fact.Announced(now, key(r), what, next))
        .resting(List.of("the provider says: " + r.seen().sight().words()));
  }
}
