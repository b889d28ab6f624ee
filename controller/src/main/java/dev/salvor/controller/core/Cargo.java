package dev.salvor.controller.core;

import dev.salvor.common.checkpoint.ResultsPart;
import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.checkpoint.UnitId;
import dev.salvor.common.checkpoint.UnitKind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Every cargo unit of a run that was seen, and how far each one is safe.
public record Cargo(Map<UnitId, Stowed> units, Frontier frontier) {
  /// More series than a trainer keeps: files named by a hash would be a series each.
  private static final int MAX_BESIDE = 32;

  static final Cargo EMPTY = new Cargo(Map.of(), new Frontier.None());

  public Cargo {
    units = Collections.unmodifiableMap(new LinkedHashMap<>(units));
  }

  /// A unit, where it was seen, and its proof.
  public record Stowed(Unit unit, RentalRef on, Instant seenAt, Proof proof) {}

  /// How far a unit is safe.
  public sealed interface Proof {

    /// Not safe yet.
    ///
    /// @param failures copies that failed so far
    /// @param notBefore earliest time for the next try
    record None(int failures, Instant notBefore) implements Proof {}

    record Proven(Receipt receipt, Instant at) implements Proof {}

    /// The user gave it up: nobody copies it, and it may go with its box.
    record GivenUp(Instant at) implements Proof {}
  }

  /// The newest receipted checkpoint of the current generation's lineage. It never moves back.
  public sealed interface Frontier {
    record None() implements Frontier {
      @Override
      public String toString() {
        return "none yet";
      }
    }

    record At(UnitId unit, long step) implements Frontier {
      @Override
      public String toString() {
        return "at step " + step + " (" + unit + ")";
      }
    }
  }

  /// Units of one rental, in the order seen.
  public Stream<Stowed> on(RentalRef rental) {
    return units.values().stream().filter(stowed -> stowed.on().equals(rental));
  }

  /// The newest checkpoint seen on a rental, by step, then by capture.
  public Optional<Stowed> newestCheckpoint(RentalRef rental) {
    return on(rental).filter(s -> s.unit().kind() == UnitKind.CHECKPOINT).max(BY_AGE);
  }

  /// What on this rental is complete and not safe: neither receipted nor replaced by a newer
  /// receipted unit of its kind and series in the same lineage.
  public List<Stowed> unsafe(RentalRef rental) {
    return on(rental).filter(s -> !safe(s)).toList();
  }

  private boolean safe(Stowed stowed) {
    return proven(stowed) || stowed.proof() instanceof Proof.GivenUp || replaced(stowed);
  }

  /// A newer unit of its kind and series has a receipt.
  public boolean replaced(Stowed stowed) {
    return on(stowed.on())
        .anyMatch(newer -> proven(newer) && replaces(newer.unit(), stowed.unit()));
  }

  private static boolean replaces(Unit newer, Unit older) {
    if (newer.kind() != older.kind() || after(newer.id(), older.id()) <= 0) {
      return false;
    }
    return switch (older.kind()) {
      case CHECKPOINT -> newer.step() >= older.step() && newer.series().equals(older.series());
      case RESULTS ->
          newer.manifest().root().equals(older.manifest().root())
              && ResultsPart.of(newer).covers(ResultsPart.of(older));
    };
  }

  static boolean proven(Stowed stowed) {
    return stowed.proof() instanceof Proof.Proven;
  }

  static int after(UnitId a, UnitId b) {
    return ORDER.compare(a, b);
  }

  /// The newest proven checkpoint of every series but the frontier's: a job that keeps its model in
  /// one file and its optimizer in another needs both. Of the frontier's own generation where there
  /// is one, else of an earlier one and no further than the frontier.
  public List<UnitId> beside(Frontier.At at) {
    Map<String, Unit> newest = new LinkedHashMap<>();
    units.values().stream()
        .filter(Cargo::proven)
        .map(Stowed::unit)
        .filter(unit -> unit.kind() == UnitKind.CHECKPOINT && within(unit, at))
        .sorted(BY_LINEAGE)
        .forEach(unit -> newest.put(unit.series(), unit));
    Stowed own = units.get(at.unit());
    if (own != null) {
      newest.remove(own.unit().series());
    }
    return newest.values().stream()
        .sorted(BY_LINEAGE.reversed())
        .limit(MAX_BESIDE)
        .map(Unit::id)
        .toList();
  }

  private static boolean within(Unit unit, Frontier.At at) {
    int generation = at.unit().generation();
    return unit.id().generation() == generation
        || (unit.id().generation() < generation && unit.step() <= at.step());
  }

  /// Size of a unit in bytes; 0 for one never seen.
  public long bytes(UnitId unit) {
    Stowed stowed = units.get(unit);
    return stowed == null ? 0 : stowed.unit().manifest().bytes();
  }

  /// Size of the frontier in bytes; 0 while there is none.
  public long frontierBytes() {
    return frontier instanceof Frontier.At at ? bytes(at.unit()) : 0;
  }

  Cargo see(Stowed stowed) {
    return units.containsKey(stowed.unit().id()) ? this : put(stowed);
  }

  Cargo put(Stowed stowed) {
    Map<UnitId, Stowed> next = new LinkedHashMap<>(units);
    next.put(stowed.unit().id(), stowed);
    return new Cargo(next, frontier);
  }

  Cargo giveUp(UnitId unit, Instant at) {
    Stowed stowed = units.get(unit);
    return stowed == null || proven(stowed)
        ? this
        : put(new Stowed(stowed.unit(), stowed.on(), stowed.seenAt(), new Proof.GivenUp(at)));
  }

  Cargo withFrontier(Frontier next) {
    return new Cargo(units, next);
  }

  /// The results of a rental that were captured last and are not safe: what older captures found
  /// may have been written over.
  public Optional<Stowed> newestUnsafeResults(RentalRef rental) {
    return unsafe(rental).stream()
        .filter(s -> s.unit().kind() == UnitKind.RESULTS)
        .max(Comparator.comparing(s -> s.unit().id(), ORDER));
  }

  /// What the platform would lose if the box died now: unsafe units, oldest first.
  public List<Stowed> unsafeOldestFirst(RentalRef rental) {
    List<Stowed> sorted = new ArrayList<>(unsafe(rental));
    sorted.sort(BY_AGE);
    return sorted;
  }

  private static final Comparator<UnitId> ORDER =
      Comparator.comparingInt(UnitId::generation)
          .thenComparingInt(UnitId::boot)
          .thenComparingLong(UnitId::captureSeq);

  private static final Comparator<Unit> BY_LINEAGE =
      Comparator.<Unit>comparingInt(u -> u.id().generation())
          .thenComparingLong(Unit::step)
          .thenComparing(Unit::id, ORDER);

  private static final Comparator<Stowed> BY_AGE =
      Comparator.<Stowed>comparingLong(s -> s.unit().step())
          .thenComparing(s -> s.unit().id(), ORDER);
}
