package dev.salvor.controller.core.rule;

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

/// The end of a rental's contract is told a day before, with the day on which the platform deletes
/// its disk; in the last hour the run leaves the box in order.
final class ContractRule implements Rule {
  private static final Duration TOLD = Duration.ofDays(1);

  /// Enough for a checkpoint, its copy and its proof over a slow line.
  private static final Duration LEAVES = Duration.ofHours(1);

  /// The platform deletes the disk of an expired contract after so long.
  private static final Duration DELETED = Duration.ofDays(2);

  @Override
  public Optional<Decision> decide(RunState s, Policy policy, Instant now) {
    return s.rentals().values().stream()
        .filter(r -> r.held() && !r.marks().eraseAccepted())
        .flatMap(r -> r.seen().sight().ends().flatMap(end -> one(s, policy, r, now)).stream())
        .findFirst();
  }

  private static Optional<Decision> one(RunState s, Policy policy, Rental r, Instant now) {
    Instant end = r.seen().sight().ends().orElseThrow();
    if (now.isBefore(end.minus(TOLD))) {
      return Optional.empty();
    }
    boolean works =
        s.spec().market().rents()
            && !Situation.finishing(s, policy)
            && !Situation.left(s, r)
            && r.alive();
    if (works && !now.isBefore(end.minus(LEAVES))) {
      return new Departure("contract", key(r, "leaves"), what(r, end), next(s), evidence(r, end))
          .from(s, r, now);
    }
    return s.announced(key(r, "told")) ? Optional.empty() : Optional.of(tell(s, r, end, now));
  }

  private static String key(Rental r, String step) {
    return "contract-%s-%s".formatted(r.ref(), step);
  }

  private static String what(Rental r, Instant end) {
    return "The contract of instance %s ends at %s; 48 hours later, from %s on, the platform deletes its disk"
        .formatted(
            ((Hold.Held) r.hold()).instance(), Told.moment(end), Told.moment(end.plus(DELETED)));
  }

  private static String next(RunState s) {
    return s.spec().market().rents()
        ? "What it holds is brought home before, and run %s goes on elsewhere."
            .formatted(s.spec().run())
        : "What it holds is brought home as it comes. Nothing is rented in its place: extend the contract, or end run %1$s before with 'salvor destroy %1$s --wind-down'."
            .formatted(s.spec().run());
  }

  private static List<String> evidence(Rental r, Instant end) {
    return List.of(
        "the provider says: contract until " + end,
        "the provider's word for it: " + r.seen().sight().console());
  }

  private static Decision tell(RunState s, Rental r, Instant end, Instant now) {
    return Decision.note(
            "contract",
            "say that a contract ends",
            what(r, end),
            new Fact.Announced(now, key(r, "told"), what(r, end), next(s)))
        .resting(evidence(r, end));
  }
}
