package dev.salvor.controller.core;

import dev.salvor.common.checkpoint.UnitKind;
import dev.salvor.controller.core.RunState.Intent;
import java.time.Duration;
import java.time.Instant;

/// Folds what facts teach beside what they say: prices, paces, losses.
final class FoldLearned {
  /// Copies of less than this tell of round trips, not of a line.
  private static final long TELLING_BYTES = 1_000_000;

  /// A job that listens answers within this; later it is a checkpoint of its own.
  private static final Duration ANSWER = Duration.ofMinutes(5);

  private FoldLearned() {}

  static RunState quoted(RunState s, Outcome.Offers offers, Instant at) {
    Prices prices = s.learned().prices();
    for (Offer offer : offers.offers()) {
      prices = prices.quoted(offer.machine(), offer.minBid(), at);
    }
    return s.with(s.learned().with(prices));
  }

  static RunState saw(RunState s, Fact.ProviderSaw f) {
    Rental r = s.rentals().get(f.rental());
    if (r == null || !f.sight().bid()) {
      return s;
    }
    Prices prices = s.learned().prices();
    return s.with(s.learned().with(prices.quoted(r.offer().machine(), f.sight().minBid(), f.at())));
  }

  /// A box whose job ran was lost by this verdict.
  static RunState lost(RunState before, RunState after, Fact.VerdictReached f) {
    Rental r = before.rentals().get(f.rental());
    boolean worked = r != null && r.job() instanceof Rental.JobState.Running;
    return worked ? after.with(after.learned().lost()) : after;
  }

  /// The job runs: on a new box, that is how long it took to come.
  static RunState started(RunState before, RunState after, Fact.JobStarted f) {
    Rental r = before.rentals().get(f.rental());
    if (r == null || after.equals(before)) {
      return after;
    }
    Learned learned = after.learned().works(f.at());
    boolean first = f.boot() == 1 && f.start() == 1 && r.aboard().disk() != Disk.OWN;
    return after.with(
        first && f.at().isAfter(r.askedAt())
            ? learned.came(Duration.between(r.askedAt(), f.at()))
            : learned);
  }

  /// A checkpoint was seen: the answer to having been asked for one, if that was lately and none
  /// came between.
  static RunState wrote(RunState before, RunState after, Fact.UnitSeen f) {
    Rental r = before.rentals().get(f.rental());
    if (r == null || f.unit().kind() != UnitKind.CHECKPOINT) {
      return after;
    }
    Instant asked = r.aboard().askedAt();
    boolean lately = asked.isAfter(f.at().minus(ANSWER)) && f.at().isAfter(asked);
    boolean first =
        before
            .cargo()
            .on(f.rental())
            .filter(u -> u.unit().kind() == UnitKind.CHECKPOINT)
            .noneMatch(u -> u.seenAt().isAfter(asked));
    return lately && first
        ? after.with(after.learned().wrote(Duration.between(asked, f.at())))
        : after;
  }

  /// A copy came home, asked for by this intent.
  static RunState carried(RunState s, Intent intent, Fact.Settled f) {
    if (!(intent.effect() instanceof Effect.CopyOut copy)
        || !(f.outcome() instanceof Outcome.Landed)) {
      return s;
    }
    long bytes = copy.unit().manifest().bytes();
    long ms = Duration.between(intent.since(), f.at()).toMillis();
    return bytes < TELLING_BYTES || ms <= 0 ? s : s.with(s.learned().carried(bytes * 1000 / ms));
  }

  static RunState drill(RunState s, Fact.DrillAsked f) {
    return s.current()
        .map(r -> new Drill(r.ref(), Drill.Stage.WANTED, r.aboard().boot(), f.at(), f.at()))
        .map(drill -> s.with(s.learned().with(drill)))
        .orElse(s);
  }
}
