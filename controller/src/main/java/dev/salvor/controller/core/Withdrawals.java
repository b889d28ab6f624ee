package dev.salvor.controller.core;

import dev.salvor.common.checkpoint.Completeness;
import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.checkpoint.UnitId;
import dev.salvor.common.checkpoint.UnitKind;
import dev.salvor.controller.core.Cargo.Frontier;
import dev.salvor.controller.core.UnitPermit.Terms;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Says which receipted checkpoints its user's retention does not want any more, and whether one
/// may go now.
public final class Withdrawals {
  static final Duration LIFE = Duration.ofMinutes(10);

  private Withdrawals() {}

  /// The answer to the question for a permit.
  public sealed interface Ruling {
    record Granted(Terms terms) implements Ruling {}

    record Refused(String why) implements Ruling {}
  }

  /// The oldest checkpoint that need not stay; empty where all do.
  public static Optional<Unit> surplus(RunState s) {
    Set<UnitId> staying = staying(s);
    return checkpoints(s).stream().filter(unit -> !staying.contains(unit.id())).findFirst();
  }

  /// What the retention, the frontier and all beside it ask for, and what a box may be about to
  /// remove: its copy is the one that is left then. What is only inferred to be complete neither
  /// goes nor lets anything go.
  private static Set<UnitId> staying(RunState s) {
    Retention retention = s.spec().job().care().retention();
    Set<UnitId> staying = new HashSet<>();
    if (!(s.cargo().frontier() instanceof Frontier.At at) || retention.all()) {
      checkpoints(s).forEach(unit -> staying.add(unit.id()));
      return staying;
    }
    staying.add(at.unit());
    staying.addAll(s.cargo().beside(at));
    staying.addAll(s.cargo().pruning().asked());
    for (List<Unit> series : series(s).values()) {
      series.reversed().stream().limit(retention.newest()).forEach(u -> staying.add(u.id()));
      staying.addAll(milestones(series, retention.every()));
      for (Unit unit : series) {
        // A step that the frontier or the newest has not come to is another line's: it is kept.
        long newest = Math.min(at.step(), series.getLast().step());
        if (retention.marked(unit) || unit.step() >= newest) {
          staying.add(unit.id());
        }
      }
    }
    return staying;
  }

  /// Of each so many steps the first.
  private static List<UnitId> milestones(List<Unit> series, long every) {
    Map<Long, UnitId> first = new LinkedHashMap<>();
    if (every > 0) {
      series.stream()
          .sorted(java.util.Comparator.comparingLong(Unit::step))
          .forEach(unit -> first.putIfAbsent(unit.step() / every, unit.id()));
    }
    return List.copyOf(first.values());
  }

  /// Oldest first.
  private static Map<String, List<Unit>> series(RunState s) {
    Map<String, List<Unit>> series = new LinkedHashMap<>();
    checkpoints(s)
        .forEach(unit -> series.computeIfAbsent(unit.series(), _ -> new ArrayList<>()).add(unit));
    return series;
  }

  /// Receipted, and committed by their framework; oldest first.
  private static List<Unit> checkpoints(RunState s) {
    return s.cargo().units().values().stream()
        .filter(Cargo::proven)
        .map(Cargo.Stowed::unit)
        .filter(unit -> unit.kind() == UnitKind.CHECKPOINT)
        .filter(unit -> unit.completeness() == Completeness.COMMITTED)
        .sorted(Cargo.BY_LINEAGE)
        .toList();
  }

  /// May this unit be taken away as things stand?
  public static Ruling rule(RunState s, UnitId id, Instant now) {
    Cargo.Stowed stowed = s.cargo().units().get(id);
    if (stowed == null || !Cargo.proven(stowed)) {
      return new Ruling.Refused(id + " has no receipt");
    }
    if (staying(s).contains(id) || checkpoints(s).stream().noneMatch(u -> u.id().equals(id))) {
      return new Ruling.Refused(id + " is to stay");
    }
    for (Rental r : s.rentals().values()) {
      if (r.mayExist() && r.seen().verdict() instanceof Verdict.Unknown unknown) {
        return new Ruling.Refused("the verdict on " + r.ref() + " is unknown: " + unknown.why());
      }
      // What it goes on from may be any of them.
      if (r.mayExist() && r.aboard().disk() == Disk.TOLD) {
        return new Ruling.Refused("rental " + r.ref() + " is being brought what it goes on from");
      }
    }
    List<Unit> series = series(s).getOrDefault(stowed.unit().series(), List.of());
    List<UnitId> stays =
        Stream.concat(Stream.of(series.getLast().id()), frontier(s).stream()).distinct().toList();
    Stream<Unit> read =
        s.cargo().units().values().stream()
            .map(Cargo.Stowed::unit)
            .filter(unit -> stays.contains(unit.id()));
    return new Ruling.Granted(new Terms(id, stays, now.plus(LIFE).plus(Permits.reading(read))));
  }

  private static Optional<UnitId> frontier(RunState s) {
    return s.cargo().frontier() instanceof Frontier.At at
        ? Optional.of(at.unit())
        : Optional.empty();
  }

  /// Is a permit that was granted earlier still good, at this moment, before the erasing call?
  public static Ruling recheck(UnitPermit permit, RunState s, Instant now) {
    Terms terms = permit.terms();
    if (!now.isBefore(terms.expires())) {
      return new Ruling.Refused("the permit expired at " + terms.expires());
    }
    return switch (rule(s, terms.unit(), now)) {
      case Ruling.Refused refused -> refused;
      case Ruling.Granted _ -> new Ruling.Granted(terms);
    };
  }

  /// Makes the permit that an intent's terms ask for, if the state before the intent justifies
  /// exactly those terms, and they expire no later than any granted then.
  static Optional<UnitPermit> mint(RunState before, Terms terms, Instant at) {
    boolean same =
        rule(before, terms.unit(), at) instanceof Ruling.Granted(Terms fresh)
            && fresh.stays().equals(terms.stays())
            && !terms.expires().isAfter(fresh.expires());
    return same ? Optional.of(new UnitPermit(terms)) : Optional.empty();
  }
}
