package dev.salvor.controller.core;

import dev.salvor.controller.core.RunState.Intent;
import java.time.Instant;
import java.util.Optional;

/// Folds what becomes of checkpoints on a box whose disk is short.
final class FoldPrune {
  private FoldPrune() {}

  /// A boot that is over says nothing of the disk as it is.
  static RunState roomShort(RunState s, Fact.RoomShort f) {
    return Fold.update(
        s,
        f.rental(),
        r ->
            f.boot() == r.aboard().boot()
                ? r.with(r.aboard().with(new Room(f.boot(), f.place(), f.lack())))
                : r);
  }

  /// The state before the intent says whether it gets its permit.
  static RunState granted(RunState s, Effect.Prune prune, Fact.Intended f) {
    return Prunings.mint(s, prune.terms(), f.at())
        .map(permit -> with(s, s.cargo().pruning().granted(f.id(), permit)))
        .orElse(s);
  }

  static RunState settled(RunState s, Effect.Prune prune, Fact.Settled f) {
    Pruning closed = s.cargo().pruning().closed(f.id());
    return with(
        s,
        f.outcome() instanceof Outcome.Done
            ? closed.without(s.cargo().namesOf(prune.terms().unit()))
            : closed.failed(prune.terms().unit(), f.at()));
  }

  /// Also where nobody waits for it any more, or nobody asked: a box has no reason to say so of
  /// what it still has, and what it says of its own takes nothing from anywhere else.
  static RunState pruned(RunState s, Fact.Pruned f) {
    Cargo.Stowed stowed = s.cargo().units().get(f.unit());
    if (stowed == null || !stowed.on().equals(f.rental())) {
      return s;
    }
    Optional<Intent> asked =
        s.open().values().stream()
            .filter(i ->
                i.effect() instanceof Effect.Prune prune && prune.terms().unit().equals(f.unit()))
            .findFirst();
    return asked.isPresent()
        ? done(s, asked.get().id(), f.at())
        : with(s, s.cargo().pruning().without(s.cargo().namesOf(f.unit())));
  }

  private static RunState done(RunState s, long effect, Instant at) {
    return FoldOutcome.fold(s, new Fact.Settled(at, effect, new Outcome.Done()));
  }

  private static RunState with(RunState s, Pruning next) {
    return s.with(s.cargo().with(next));
  }
}
