package dev.salvor.controller.core.rule;

import dev.salvor.controller.core.Decision;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.core.Policy;
import dev.salvor.controller.core.Rental;
import dev.salvor.controller.core.Rental.Hold;
import dev.salvor.controller.core.RunState;
import dev.salvor.controller.core.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// A box that bills and stays silent, while nobody can say that it is lost, is announced: its job
/// may go on or not, and only a person can look.
final class SilenceRule implements Rule {
  /// A line that is cut for less mends itself.
  private static final Duration GRACE = Duration.ofMinutes(5);

  @Override
  public Optional<Decision> decide(RunState s, Policy policy, Instant now) {
    return s.rentals().values().stream()
        .filter(r -> r.held() && silent(r))
        .filter(r -> now.isAfter(r.seen().verdictSince().plus(GRACE)))
        .filter(r -> !Situation.told(s, kind(r), r.seen().verdictSince()))
        .findFirst()
        .map(r -> announce(s, r, now));
  }

  private static boolean silent(Rental r) {
    return switch (r.seen().verdict()) {
      case Verdict.Suspect _, Verdict.Unknown _ -> true;
      case Verdict.Alive _, Verdict.Coming _, Verdict.Lost _ -> false;
    };
  }

  private static String kind(Rental r) {
    return "silent-" + r.ref() + "-boot-" + r.aboard().boot();
  }

  private static Decision announce(RunState s, Rental r, Instant now) {
    String what =
        "Instance %s has been silent for %d minutes and bills %s"
            .formatted(
                ((Hold.Held) r.hold()).instance(), GRACE.toMinutes(), r.seen().sight().burn());
    String next =
        "Look at it on the provider's page. Stop it there and its disk is rescued and the run goes"
            + " on elsewhere; or end it all with 'salvor destroy %s'.".formatted(s.spec().run());
    return Decision.note(
            "silence",
            "say that a box is silent",
            what,
            new Fact.Announced(
                now, Situation.occasion(kind(r), r.seen().verdictSince()), what, next))
        .resting(List.of("verdict " + r.seen().verdict()));
  }
}
