package dev.salvor.controller.view;

import dev.salvor.common.checkpoint.UnitId;
import dev.salvor.common.checkpoint.UnitKind;
import dev.salvor.common.unit.Usd;
import dev.salvor.controller.core.Cargo;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.core.RentalRef;
import dev.salvor.controller.core.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The times that a run lost its box, and what each one cost it.
final class Losses {
  private Losses() {}

  /// One loss and how the job went on after it.
  ///
  /// @param reached highest step known before it
  /// @param resumedAt step it went on from; -1 while it has not
  /// @param kept the training time that did not have to be done again
  record Loss(
      Instant at, RentalRef rental, String cause, long reached, long resumedAt, Duration kept) {

    long stepsLost() {
      return resumedAt < 0 ? 0 : Math.max(0, reached - resumedAt);
    }
  }

  static List<Loss> of(Snapshot snapshot) {
    List<Loss> losses = new ArrayList<>();
    List<Fact> facts = snapshot.facts();
    for (int i = 0; i < facts.size(); i++) {
      if (facts.get(i) instanceof Fact.VerdictReached reached
          && reached.verdict() instanceof Verdict.Lost lost
          && ran(facts.subList(0, i), reached.rental())) {
        losses.add(loss(snapshot, i, reached, lost));
      }
    }
    return losses;
  }

  static Usd worth(Snapshot snapshot) {
    Usd sum = Usd.ZERO;
    for (Loss loss : of(snapshot)) {
      sum =
          sum.plus(
              Optional.ofNullable(snapshot.state().rentals().get(loss.rental()))
                  .map(rental -> rental.price().over(loss.kept()))
                  .orElse(Usd.ZERO));
    }
    return sum;
  }

  private static boolean ran(List<Fact> before, RentalRef rental) {
    return before.stream()
        .anyMatch(f -> f instanceof Fact.JobStarted started && started.rental().equals(rental));
  }

  private static Loss loss(
      Snapshot snapshot, int index, Fact.VerdictReached verdict, Verdict.Lost lost) {
    List<Fact> facts = snapshot.facts();
    long reached =
        Math.max(
            snapshot.live().reached().getOrDefault(verdict.rental(), 0L),
            newestStep(snapshot, facts.subList(0, index), verdict.rental()));
    long resumedAt = -1;
    Optional<Restart> restart = restart(snapshot, facts, index, verdict.rental());
    if (restart.isPresent()) {
      resumedAt = restart.get().step();
    }
    return new Loss(
        verdict.at(),
        verdict.rental(),
        lost.why(),
        Math.max(reached, resumedAt),
        resumedAt,
        restart.map(Restart::kept).orElse(Duration.ZERO));
  }

  /// How the job went on.
  private record Restart(long step, Duration kept) {}

  private static Optional<Restart> restart(
      Snapshot snapshot, List<Fact> facts, int index, RentalRef lost) {
    Optional<UnitId> restored = Optional.empty();
    for (Fact fact : facts.subList(index, facts.size())) {
      if (fact instanceof Fact.Restored f) {
        restored = Optional.of(f.unit());
      }
      if (fact instanceof Fact.JobStarted started) {
        Optional<Cargo.Stowed> from =
            restored
                .map(snapshot.state().cargo().units()::get)
                .or(() -> onDisk(snapshot, started, lost));
        return Optional.of(
            from.map(stowed -> new Restart(stowed.unit().step(), training(facts, stowed.seenAt())))
                .orElse(new Restart(0, Duration.ZERO)));
      }
    }
    return Optional.empty();
  }

  private static Optional<Cargo.Stowed> onDisk(
      Snapshot snapshot, Fact.JobStarted started, RentalRef lost) {
    return started.rental().equals(lost)
        ? snapshot
            .state()
            .cargo()
            .on(lost)
            .filter(s -> s.unit().kind() == UnitKind.CHECKPOINT)
            .filter(s -> s.unit().id().boot() < started.boot())
            .reduce((a, b) -> b.unit().step() >= a.unit().step() ? b : a)
        : Optional.empty();
  }

  private static long newestStep(Snapshot snapshot, List<Fact> before, RentalRef rental) {
    return before.stream()
        .filter(Fact.UnitSeen.class::isInstance)
        .map(Fact.UnitSeen.class::cast)
        .filter(seen -> seen.rental().equals(rental))
        .mapToLong(seen -> seen.unit().step())
        .max()
        .orElse(frontierStep(snapshot));
  }

  private static long frontierStep(Snapshot snapshot) {
    return snapshot.state().cargo().frontier() instanceof Cargo.Frontier.At at ? at.step() : 0;
  }

  private static Duration training(List<Fact> facts, Instant until) {
    return facts.stream()
        .filter(Fact.JobStarted.class::isInstance)
        .findFirst()
        .map(started -> Duration.between(started.at(), until))
        .filter(time -> !time.isNegative())
        .orElse(Duration.ZERO);
  }
}
