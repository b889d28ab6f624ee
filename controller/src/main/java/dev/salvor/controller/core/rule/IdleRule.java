package dev.salvor.controller.core.rule;

import dev.salvor.controller.core.Cargo.Proof;
import dev.salvor.controller.core.Decision;
import dev.salvor.controller.core.Effect;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.core.Policy;
import dev.salvor.controller.core.Rental;
import dev.salvor.controller.core.Rental.Hold;
import dev.salvor.controller.core.Rental.JobState;
import dev.salvor.controller.core.RentalRef;
import dev.salvor.controller.core.RunState;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// A box that is up and bills while its job does not run, and nothing is being brought to it or
/// from it, is told of: whatever it waits for, it is not coming by itself.
final class IdleRule implements Rule {
  /// A checkpoint of some gigabytes is on a new box by then.
  private static final Duration GRACE = Duration.ofMinutes(15);

  @Override
  public Optional<Decision> decide(RunState s, Policy policy, Instant now) {
    return s.rentals().values().stream()
        .filter(r -> r.held() && r.alive() && !(r.job() instanceof JobState.Running))
        .filter(r -> now.isAfter(lastMoved(s, r).plus(GRACE)))
        .filter(r -> !moves(s, r.ref(), now) && !told(s, r))
        .findFirst()
        .map(r -> announce(s, r, now));
  }

  /// What is done at the provider, the look at the copies before a box goes with it, moves nothing
  /// for long.
  private static boolean moves(RunState s, RentalRef ref, Instant now) {
    return Situation.busySince(s, ref).filter(since -> !now.isAfter(since.plus(GRACE))).isPresent()
        || s.opened(Effect.CopyOut.class).stream().anyMatch(c -> c.rental().equals(ref))
        || s.opened(Effect.Prepare.class).stream().anyMatch(p -> p.rental().equals(ref));
  }

  /// Of this, or of why it is kept.
  private static boolean told(RunState s, Rental r) {
    return Situation.told(s, kind(r), lastMoved(s, r))
        || Stream.of("burn-%s-RUNNING", "approve-%s", "destroy-blocked-%s", "uncopied-%s")
            .anyMatch(other -> Situation.waits(s, other.formatted(r.ref())));
  }

  private static String kind(Rental r) {
    return "idle-" + r.ref() + "-boot-" + r.aboard().boot();
  }

  private static Instant lastMoved(RunState s, Rental r) {
    Stream<Instant> job =
        r.job() instanceof JobState.Ended ended ? Stream.of(ended.at()) : Stream.empty();
    Stream<Instant> home =
        s.cargo()
            .on(r.ref())
            .flatMap(u -> u.proof() instanceof Proof.Proven p ? Stream.of(p.at()) : Stream.empty());
    return Stream.of(Stream.of(r.seen().verdictSince(), r.seen().statusSince()), job, home)
        .flatMap(moments -> moments)
        .max(Comparator.naturalOrder())
        .orElse(r.askedAt());
  }

  private static Decision announce(RunState s, Rental r, Instant now) {
    String what =
        "Instance %s is up and bills %s, and its job has not run for %d minutes"
            .formatted(
                ((Hold.Held) r.hold()).instance(), r.seen().sight().burn(), GRACE.toMinutes());
    String next =
        "'salvor explain %1$s' says what was tried. If it does not come on, end it with 'salvor destroy %1$s --wind-down'."
            .formatted(s.spec().run());
    String key = Situation.occasion(kind(r), lastMoved(s, r));
    return Decision.note(
            "idle", "say that a box does nothing", what, new Fact.Announced(now, key, what, next))
        .resting(
            List.of(
                Told.job(r.job()),
                "boot " + r.aboard().boot() + ", told to start at boot " + r.aboard().told(),
                "frontier " + s.cargo().frontier()));
  }
}
