package dev.salvor.controller.core.rule;

import dev.salvor.common.checkpoint.UnitKind;
import dev.salvor.controller.core.Cargo;
import dev.salvor.controller.core.Cargo.Frontier;
import dev.salvor.controller.core.Rental;
import dev.salvor.controller.core.RunState;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// How much work a lost box cost: what is done again when the job goes on from its own disk, and
/// when it goes on elsewhere, from the frontier.
record Setback(Duration here, Duration elsewhere, String words) {

  static Setback of(RunState s, Rental r) {
    Instant lost = r.seen().verdictSince();
    Instant began = s.learned().workedSince();
    Optional<Cargo.Stowed> newest =
        s.cargo()
            .on(r.ref())
            .filter(u -> u.unit().kind() == UnitKind.CHECKPOINT)
            .reduce((a, b) -> b.unit().step() >= a.unit().step() ? b : a);
    Optional<Cargo.Stowed> safe =
        s.cargo().frontier() instanceof Frontier.At at
            ? Optional.ofNullable(s.cargo().units().get(at.unit()))
            : Optional.empty();
    Duration here = since(newest, began, lost);
    Duration elsewhere = since(safe, began, lost);
    String words =
        began.equals(Instant.EPOCH)
            ? "the job had not begun"
            : "work lost: %s if it goes on from its disk, %s from the frontier %s"
                .formatted(Told.time(here), Told.time(elsewhere), s.cargo().frontier());
    return new Setback(here, elsewhere, words);
  }

  /// Work between a checkpoint, or where the job began, and the loss.
  private static Duration since(Optional<Cargo.Stowed> unit, Instant began, Instant lost) {
    Instant at = unit.map(Cargo.Stowed::seenAt).orElse(began);
    boolean worked = !began.equals(Instant.EPOCH) && at.isBefore(lost);
    return worked ? Duration.between(at, lost) : Duration.ZERO;
  }
}
