package dev.salvor.controller.sim;

import static dev.salvor.controller.sim.Invariants.check;

import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.checkpoint.UnitId;
import dev.salvor.common.checkpoint.UnitKind;
import dev.salvor.common.unit.Sha256;
import dev.salvor.controller.core.Cargo;
import dev.salvor.controller.core.Cargo.Frontier;
import dev.salvor.controller.core.Permit;
import dev.salvor.controller.core.Permits;
import dev.salvor.controller.core.PrunePermit;
import dev.salvor.controller.core.Prunings;
import dev.salvor.controller.core.RunState;
import dev.salvor.controller.core.UnitPermit;
import dev.salvor.controller.core.Withdrawals;
import dev.salvor.controller.sim.Disk.Saved;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/// The first promise, by the world's truth: nothing that is the only copy goes, and the frontier
/// stays with the trainer that runs.
final class CargoChecks {
  private final Sim sim;
  private final Voyage voyage;
  private final JournalChecks journal;
  private Set<UnitId> knownAtCall = Set.of();
  private long frontier = -1;

  CargoChecks(Sim sim, Voyage voyage, JournalChecks journal) {
    this.sim = sim;
    this.voyage = voyage;
    this.journal = journal;
  }

  /// The journal grew, and the frontier with it.
  void moved(Optional<RunState> state) {
    Optional<Frontier.At> at =
        state
            .map(s -> s.cargo().frontier())
            .filter(Frontier.At.class::isInstance)
            .map(Frontier.At.class::cast);
    long step = at.map(Frontier.At::step).orElse(-1L);
    check(step >= frontier, "3: the frontier moved back from " + frontier + " to " + step);
    if (step > frontier) {
      at.ifPresent(f -> inLineage(f.unit()));
    }
    frontier = step;
  }

  /// What the newest trainer wrote, or had resumed from.
  private void inLineage(UnitId unit) {
    Optional<SimBox> trainer =
        voyage.boxes().reversed().stream().filter(box -> box.disk.everStarted).findFirst();
    if (trainer.isEmpty()
        || trainer.get().liar
        || trainer.get().ref.generation() <= unit.generation()) {
      return;
    }
    SimBox box = trainer.get();
    Set<Sha256> line = new HashSet<>(box.job.parents());
    box.disk.all().forEach(s -> line.add(s.digest()));
    check(
        line.contains(unit.manifestDigest()),
        "3: the frontier leaves the line of the box that trains, " + box.instance + ": " + unit);
  }

  /// An older box leaves the run to the newer one, unless nobody answers it.
  void starts(SimBox box) {
    check(!box.erased, "a job starts on what is erased");
    boolean reached = box.online() && !box.barred && !box.halfOpen() && sim.weather.linesWell();
    boolean newer =
        voyage.boxes().stream()
            .anyMatch(b -> b.ref.generation() > box.ref.generation() && b.trains());
    check(
        !newer || !reached || !sim.station.attends(60_000),
        "4: " + box.instance + " starts its job beside the newer box");
  }

  void resumes(SimBox box, Saved from) {
    boolean frontierIs =
        journal
            .state()
            .map(s ->
                s.cargo().frontier() instanceof Frontier.At at
                    && (at.unit().manifestDigest().equals(from.digest())
                        || at.step() >= from.step()))
            .orElse(false);
    check(frontierIs, "3: " + box.instance + " goes on from what is not the frontier");
  }

  /// The call that erases is about to be made. What a writer that outlived its job finishes while
  /// the call is on the wire, nobody could have known.
  void calling(Permit permit) {
    journal.state().ifPresent(s -> knownAtCall = Set.copyOf(s.cargo().units().keySet()));
    boolean holds =
        journal
            .state()
            .map(s ->
                Permits.recheck(permit, s, sim.station.now()) instanceof Permits.Ruling.Granted)
            .orElse(false);
    check(holds, "1: erases by a permit that no longer holds: " + permit);
  }

  /// A unit goes from the target: not the frontier, not what a box is being brought, and only while
  /// something further of its run stays there.
  void withdrawing(UnitPermit permit) {
    UnitId unit = permit.terms().unit();
    RunState state = journal.state().orElseThrow();
    check(
        Withdrawals.recheck(permit, state, sim.station.now()) instanceof Withdrawals.Ruling.Granted,
        "1: takes a unit away by a permit that does not hold: " + permit);
    check(
        !(state.cargo().frontier() instanceof Frontier.At at) || !at.unit().equals(unit),
        "1: takes the frontier away: " + unit);
    check(
        state.cargo().frontier() instanceof Frontier.At at && sim.target.has(at.unit()),
        "1: takes " + unit + " away, and the frontier is not there");
    Unit gone = Optional.ofNullable(state.cargo().units().get(unit)).orElseThrow().unit();
    check(gone.kind() == UnitKind.CHECKPOINT, "1: takes results away: " + unit);
    boolean further =
        state.cargo().units().values().stream()
            .map(Cargo.Stowed::unit)
            .anyMatch(u ->
                u.series().equals(gone.series())
                    && u.step() > gone.step()
                    && sim.target.has(u.id()));
    check(further, "1: takes the newest of its series away: " + unit);
  }

  /// The order is about to leave that removes a checkpoint from a box.
  void pruning(PrunePermit permit) {
    RunState state = journal.state().orElseThrow();
    check(
        sim.target.has(permit.terms().unit()),
        "1: prunes what is not whole at home: " + permit.terms().unit());
    check(
        Prunings.recheck(permit, state, sim.station.now()) instanceof Prunings.Ruling.Granted,
        "1: prunes by a permit that does not hold: " + permit);
  }

  /// A box removes a checkpoint by our order: what it is lies at home, unless that was lost since
  /// the order left, and a newer one of its model lies there.
  void removing(SimBox box, UnitId unit) {
    if (box.liar) {
      return;
    }
    Sha256 digest = unit.manifestDigest();
    check(
        sim.target.holds(digest) || sim.target.lost(digest),
        "1: prunes the only copy of %s, on %s".formatted(unit, box.instance));
    Saved gone =
        box.disk.all().stream().filter(s -> s.digest().equals(digest)).findFirst().orElseThrow();
    boolean newer =
        box.disk.own().stream()
            .filter(s -> s.kind() == UnitKind.CHECKPOINT)
            .filter(s -> Disk.model(s.manifest()) == Disk.model(gone.manifest()))
            .anyMatch(s -> s.step() > gone.step());
    check(
        gone.kind() == UnitKind.CHECKPOINT && newer,
        "1: prunes the newest of its series, %s, on %s".formatted(unit, box.instance));
  }

  /// The world erases a box by our call.
  void erasing(SimBox box, Permit permit) {
    if (permit.terms().ground() == Permit.Ground.ABANDONED || box.liar) {
      return;
    }
    check(!box.job.running(), "1: erases " + box.instance + " while its job runs");
    check(
        !voyage.plan.looksAfter() || !box.up(),
        "1: erases " + box.instance + " while its owner works there");
    for (Saved saved : box.disk.all()) {
      boolean safe =
          sim.target.holds(saved.digest())
              || sim.target.lost(saved.digest())
              || sim.target.withdrew(saved.digest())
              || replaced(box, saved)
              || (saved.straggler() && !known(saved))
              || givenUp(saved);
      check(
          safe,
          "1: erases the only copy of %s at step %d on %s, by %s"
              .formatted(saved.kind(), saved.step(), box.instance, permit));
    }
  }

  private boolean givenUp(Saved saved) {
    boolean results = saved.kind() == UnitKind.RESULTS;
    return (results && !voyage.plan.byHand() && voyage.plan.asks().leavesResults())
        || voyage.user.gaveUp(saved);
  }

  /// A later checkpoint of the same model is at home.
  private static boolean replaced(SimBox box, Saved saved) {
    return saved.kind() == UnitKind.CHECKPOINT
        && saved.step() <= box.landed.getOrDefault(Disk.model(saved.manifest()), -1L);
  }

  private boolean known(Saved saved) {
    return knownAtCall.stream().anyMatch(id -> id.manifestDigest().equals(saved.digest()));
  }
}
