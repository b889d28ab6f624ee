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
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Every cargo unit of a run that was seen, and how far each one is safe.
///
/// @param withdrawing what is being taken from where it is kept
/// @param pruning what is being removed from boxes
public record Cargo(
    Map<UnitId, Stowed> units, Frontier frontier, Withdrawing withdrawing, Pruning pruning) {
  /// More series than a trainer keeps: files named by a hash would be a series each.
  private static final int MAX_BESIDE = 32;

  static final Cargo EMPTY =
      new Cargo(Map.of(), new Frontier.None(), Withdrawing.NOTHING, Pruning.NOTHING);

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

    /// It was home, and was taken from there by permit: newer ones are.
    record Withdrawn(Instant at) implements Proof {}

    /// The user gave it up: nobody copies it, and it may go with its box.
    record GivenUp(Instant at) implements Proof {}
  }

  /// Permits for units, by the effect they were made for, and when the next may be asked for.
  public record Withdrawing(SortedMap<Long, UnitPermit> permits, int failures, Instant notBefore) {
    static final Withdrawing NOTHING = new Withdrawing(new TreeMap<>(), 0, Instant.EPOCH);

    public Withdrawing {
      permits = Collections.unmodifiableSortedMap(new TreeMap<>(permits));
    }

    Withdrawing granted(long effect, UnitPermit permit) {
      SortedMap<Long, UnitPermit> next = new TreeMap<>(permits);
      next.put(effect, permit);
      return new Withdrawing(next, failures, notBefore);
    }

    Withdrawing settled(long effect, boolean done, Instant at) {
      SortedMap<Long, UnitPermit> next = new TreeMap<>(permits);
      next.remove(effect);
      int failed = done ? 0 : failures + 1;
      return new Withdrawing(next, failed, done ? at : Fold.later(at, failed + SLOWLY));
    }

    /// It is no hurry: half a minute or so, and longer each time.
    private static final int SLOWLY = 4;
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
    return switch (stowed.proof()) {
      case Proof.Proven _, Proof.GivenUp _, Proof.Withdrawn _ -> true;
      case Proof.None _ -> replaced(stowed);
    };
  }

  /// A newer unit of its kind and series has a receipt, or had one until newer ones came.
  public boolean replaced(Stowed stowed) {
    return on(stowed.on())
        .anyMatch(newer -> wasHome(newer) && replaces(newer.unit(), stowed.unit()));
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

  private static boolean wasHome(Stowed stowed) {
    return proven(stowed) || stowed.proof() instanceof Proof.Withdrawn;
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
    return new Cargo(next, frontier, withdrawing, pruning);
  }

  Cargo giveUp(UnitId unit, Instant at) {
    Stowed stowed = units.get(unit);
    return stowed == null || wasHome(stowed)
        ? this
        : put(new Stowed(stowed.unit(), stowed.on(), stowed.seenAt(), new Proof.GivenUp(at)));
  }

  Cargo with(Withdrawing next) {
    return new Cargo(units, frontier, next, pruning);
  }

  Cargo with(Pruning next) {
    return new Cargo(units, frontier, withdrawing, next);
  }

  /// All that a unit was called when it was seen where it lies.
  List<UnitId> namesOf(UnitId unit) {
    Stowed stowed = units.get(unit);
    return stowed == null
        ? List.of()
        : on(stowed.on())
            .map(Stowed::unit)
            .filter(other -> other.manifest().equals(stowed.unit().manifest()))
            .map(Unit::id)
            .toList();
  }

  Cargo withdrawn(UnitId unit, Instant at) {
    Stowed stowed = units.get(unit);
    return stowed == null
        ? this
        : put(new Stowed(stowed.unit(), stowed.on(), stowed.seenAt(), new Proof.Withdrawn(at)));
  }

  Cargo withFrontier(Frontier next) {
    return new Cargo(units, next, withdrawing, pruning);
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

  /// Checkpoints of a rental without a receipt that newer ones made superfluous, oldest first.
  public List<Stowed> unprovenOldestFirst(RentalRef rental) {
    return on(rental)
        .filter(s -> s.proof() instanceof Proof.None && s.unit().kind() == UnitKind.CHECKPOINT)
        .filter(this::replaced)
        .filter(s -> !pruning.gone().contains(s.unit().id()))
        .sorted(BY_AGE)
        .toList();
  }

  private static final Comparator<UnitId> ORDER =
      Comparator.comparingInt(UnitId::generation)
          .thenComparingInt(UnitId::boot)
          .thenComparingLong(UnitId::captureSeq);

  static final Comparator<Unit> BY_LINEAGE =
      Comparator.<Unit>comparingInt(u -> u.id().generation())
          .thenComparingLong(Unit::step)
          .thenComparing(Unit::id, ORDER);

  private static final Comparator<Stowed> BY_AGE =
      Comparator.<Stowed>comparingLong(s -> s.unit().step())
          .thenComparing(s -> s.unit().id(), ORDER);
}
