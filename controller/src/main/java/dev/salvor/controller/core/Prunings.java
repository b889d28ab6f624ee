package dev.salvor.controller.core;

import dev.salvor.common.checkpoint.Completeness;
import dev.salvor.common.checkpoint.FileEntry;
import dev.salvor.common.checkpoint.Manifest;
import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.checkpoint.UnitId;
import dev.salvor.common.checkpoint.UnitKind;
import dev.salvor.controller.core.Cargo.Frontier;
import dev.salvor.controller.core.Cargo.Proof;
import dev.salvor.controller.core.Cargo.Stowed;
import dev.salvor.controller.core.PrunePermit.Terms;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Says which receipted checkpoints need not stay on a box whose disk is short, and whether one may
/// go from it now.
public final class Prunings {
  static final Duration LIFE = Duration.ofMinutes(10);

  private Prunings() {}

  /// The answer to the question for a permit.
  public sealed interface Ruling {
    record Granted(Terms terms) implements Ruling {}

    record Refused(String why) implements Ruling {}
  }

  /// Whether this box's disk is short and its user lets what is home go from it.
  public static boolean relieves(RunState s, Rental r) {
    return closed(s, r).isEmpty();
  }

  /// The oldest checkpoint on a rental that need not stay there; empty where all do.
  public static Optional<Unit> surplus(RunState s, Rental r) {
    if (!relieves(s, r)) {
      return Optional.empty();
    }
    Set<UnitId> staying = staying(s, r);
    return lying(s, r).stream()
        .filter(unit -> !staying.contains(unit.id()) && !s.cargo().pruning().left(unit.id()))
        .filter(unit -> entangled(s, r, unit).isEmpty())
        .findFirst();
  }

  /// May this unit be removed from this rental's disk as things stand?
  public static Ruling rule(RunState s, RentalRef ref, UnitId id, Instant now) {
    Rental r = s.rentals().get(ref);
    Stowed stowed = s.cargo().units().get(id);
    if (r == null || stowed == null || !stowed.on().equals(ref)) {
      return new Ruling.Refused("%s was not seen on rental %s".formatted(id, ref));
    }
    Optional<String> closed = closed(s, r);
    Optional<String> against = closed.isPresent() ? closed : against(s, r, stowed);
    if (against.isPresent()) {
      return new Ruling.Refused(against.get());
    }
    return new Ruling.Granted(
        new Terms(
            ref,
            r.aboard().boot(),
            id,
            stays(s, r, stowed.unit()),
            now.plus(LIFE).plus(Permits.reading(Stream.of(stowed.unit())))));
  }

  /// What speaks against removing anything from this box.
  private static Optional<String> closed(RunState s, Rental r) {
    String who = "rental " + r.ref();
    if (onBox(s) == 0) {
      return Optional.of("nothing is to be removed from a box");
    }
    if (!r.held() || !r.alive()) {
      return Optional.of("the verdict on %s is %s".formatted(who, r.seen().verdict()));
    }
    if (r.marks().givenUp() || s.current().filter(c -> c.ref().equals(r.ref())).isEmpty()) {
      return Optional.of("the run has gone on from " + who);
    }
    if (!r.aboard().isShort()) {
      return Optional.of("%s has not said that its disk is short".formatted(who));
    }
    if (r.aboard().disk() != Disk.OWN) {
      return Optional.of("%s is being brought what it goes on from".formatted(who));
    }
    return s.announced(Permits.CLONED + r.ref())
        ? Optional.of("two boxes spoke as " + who)
        : Optional.empty();
  }

  private static Optional<String> against(RunState s, Rental r, Stowed stowed) {
    UnitId id = stowed.unit().id();
    if (!receipted(stowed)) {
      return Optional.of(id + " has no receipt");
    }
    boolean lies = lying(s, r).stream().anyMatch(unit -> unit.id().equals(id));
    if (!lies || staying(s, r).contains(id)) {
      return Optional.of(id + " is to stay, or was removed before");
    }
    return entangled(s, r, stowed.unit());
  }

  /// By digests of the box's own: what was found whole by its structure alone is no proof enough.
  private static boolean receipted(Stowed stowed) {
    return stowed.proof() instanceof Proof.Proven proven && !proven.receipt().structureOnly();
  }

  /// Receipted checkpoints, committed by their framework, as far as they should lie on its disk:
  /// each by its newest name, oldest first.
  private static List<Unit> lying(RunState s, Rental r) {
    Map<Manifest, Unit> named = new LinkedHashMap<>();
    s.cargo()
        .on(r.ref())
        .filter(Prunings::receipted)
        .map(Stowed::unit)
        .filter(unit -> unit.kind() == UnitKind.CHECKPOINT)
        .filter(unit -> unit.completeness() == Completeness.COMMITTED)
        .filter(unit -> unit.id().boot() <= r.aboard().boot())
        .filter(unit -> !s.cargo().pruning().gone().contains(unit.id()))
        .sorted(Cargo.BY_LINEAGE)
        .forEach(unit -> named.put(unit.manifest(), unit));
    return List.copyOf(named.values());
  }

  /// The newest of each series, what its trainer calls good, what the frontier has not come past,
  /// and what was brought there to go on from.
  private static Set<UnitId> staying(RunState s, Rental r) {
    Retention retention = s.spec().job().care().retention();
    List<Unit> lying = lying(s, r);
    Set<UnitId> staying = new HashSet<>();
    lying.stream()
        .collect(Collectors.groupingBy(Unit::series))
        .values()
        .forEach(series -> staying.addAll(newest(series, retention.onBox())));
    long reached = s.cargo().frontier() instanceof Frontier.At at ? at.step() : 0;
    lying.stream()
        .filter(unit -> retention.marked(unit) || unit.step() >= reached || brought(s, r, unit))
        .forEach(unit -> staying.add(unit.id()));
    return staying;
  }

  private static List<UnitId> newest(List<Unit> series, int count) {
    return series.reversed().stream().limit(count).map(Unit::id).toList();
  }

  private static List<UnitId> stays(RunState s, Rental r, Unit unit) {
    List<Unit> series =
        lying(s, r).stream().filter(each -> each.series().equals(unit.series())).toList();
    return newest(series, onBox(s));
  }

  private static int onBox(RunState s) {
    return s.spec().job().care().retention().onBox();
  }

  /// Another box had written it.
  private static boolean brought(RunState s, Rental r, Unit unit) {
    return s.cargo().units().values().stream()
        .filter(other -> !other.on().equals(r.ref()))
        .anyMatch(other -> other.unit().id().manifestDigest().equals(unit.id().manifestDigest()));
  }

  /// Its files are another's, too: of one that is not home, or that came later in its place. Or its
  /// copy is about to go from home.
  private static Optional<String> entangled(RunState s, Rental r, Unit unit) {
    boolean leaves =
        s.opened(Effect.Withdraw.class).stream()
            .anyMatch(withdraw -> withdraw.terms().unit().equals(unit.id()));
    if (leaves) {
      return Optional.of(unit.id() + " is being taken from where copies are kept");
    }
    Set<String> paths = paths(unit).collect(Collectors.toSet());
    return s.cargo()
        .on(r.ref())
        .filter(other -> !s.cargo().pruning().gone().contains(other.unit().id()))
        .filter(other ->
            other.proof() instanceof Proof.None || Cargo.after(other.unit().id(), unit.id()) > 0)
        .filter(other -> paths(other.unit()).anyMatch(paths::contains))
        .findFirst()
        .map(other -> "%s has files of %s".formatted(other.unit().id(), unit.id()));
  }

  private static Stream<String> paths(Unit unit) {
    String root = unit.manifest().root();
    String below = root.equals("/") ? "/" : root + "/";
    return unit.manifest().files().stream().map(FileEntry::path).map(below::concat);
  }

  /// Is a permit that was granted earlier still good, at this moment, before the order goes out?
  public static Ruling recheck(PrunePermit permit, RunState s, Instant now) {
    Terms terms = permit.terms();
    if (!now.isBefore(terms.expires())) {
      return new Ruling.Refused("the permit expired at " + terms.expires());
    }
    return switch (rule(s, terms.rental(), terms.unit(), now)) {
      case Ruling.Refused refused -> refused;
      case Ruling.Granted(Terms fresh) when fresh.boot() != terms.boot() ->
          new Ruling.Refused(
              "it was granted for boot %d, and now is boot %d"
                  .formatted(terms.boot(), fresh.boot()));
      case Ruling.Granted _ -> new Ruling.Granted(terms);
    };
  }

  /// Makes the permit that an intent's terms ask for, if the state before the intent justifies
  /// exactly those terms, and they expire no later than any granted then.
  static Optional<PrunePermit> mint(RunState before, Terms terms, Instant at) {
    boolean same =
        rule(before, terms.rental(), terms.unit(), at) instanceof Ruling.Granted(Terms fresh)
            && fresh.boot() == terms.boot()
            && fresh.stays().equals(terms.stays())
            && !terms.expires().isAfter(fresh.expires());
    return same ? Optional.of(new PrunePermit(terms)) : Optional.empty();
  }
}
