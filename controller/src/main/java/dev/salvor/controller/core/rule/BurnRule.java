package dev.salvor.controller.core.rule;

import dev.salvor.common.unit.UsdPerHour;
import dev.salvor.controller.core.Decision;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.core.Policy;
import dev.salvor.controller.core.Rental;
import dev.salvor.controller.core.Rental.Hold;
import dev.salvor.controller.core.RunSpec;
import dev.salvor.controller.core.RunState;
import dev.salvor.controller.core.Sight;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// A meter that runs without progress is announced: a paused disk, a box kept after the end, one
/// whose host is away.
final class BurnRule implements Rule {
  /// Pauses shorter than this are the ordinary course of a rescue.
  private static final Duration GRACE = Duration.ofSeconds(60);

  @Override
  public Optional<Decision> decide(RunState s, Policy policy, Instant now) {
    return s.rentals().values().stream()
        .filter(r -> r.held() && (idle(s, r, now) || kept(s, policy, r)))
        .filter(r -> !told(s, r) && !SelfStopRule.told(s, r))
        .findFirst()
        .map(r -> announce(s, r, now));
  }

  private static boolean idle(RunState s, Rental r, Instant now) {
    boolean paused = Situation.is(r, Sight.Status.STOPPED) || Situation.is(r, Sight.Status.OFFLINE);
    boolean lasting = now.isAfter(r.seen().statusSince().plus(GRACE));
    boolean atOnce = Situation.halted(s) || s.over();
    return (paused && (lasting || atOnce)) || (s.over() && Situation.is(r, Sight.Status.RUNNING));
  }

  /// Done with, and left running as the user asked.
  private static boolean kept(RunState s, Policy policy, Rental r) {
    return Situation.is(r, Sight.Status.RUNNING)
        && Situation.finishing(s, policy)
        && Situation.after(s, policy) == RunSpec.After.KEEP
        && r.quiet() instanceof Rental.Quiet.At;
  }

  private static boolean told(RunState s, Rental r) {
    return Situation.told(s, kind(r), r.seen().statusSince());
  }

  private static String kind(Rental r) {
    return "burn-" + r.ref() + "-" + r.seen().sight().status();
  }

  private static Decision announce(RunState s, Rental r, Instant now) {
    UsdPerHour burn = r.seen().sight().burn();
    long instance = ((Hold.Held) r.hold()).instance().value();
    String what =
        "Instance %d is %s and bills %s (%s a day)"
            .formatted(instance, r.seen().sight().status(), burn, burn.over(Duration.ofDays(1)));
    String key = Situation.occasion(kind(r), r.seen().statusSince());
    String name = Situation.left(s, r) ? Long.toString(instance) : s.spec().run().toString();
    return Decision.note(
            "burn",
            "say that a meter runs",
            what,
            new Fact.Announced(now, key, what, "End it with 'salvor destroy " + name + "'."))
        .resting(List.of("the provider says: " + r.seen().sight().words()));
  }
}
