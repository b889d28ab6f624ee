package dev.salvor.controller.sim;

import dev.salvor.common.checkpoint.UnitId;
import dev.salvor.common.checkpoint.UnitKind;
import dev.salvor.common.unit.Usd;
import dev.salvor.controller.core.Cargo;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.core.Offer;
import dev.salvor.controller.core.RunState;
import dev.salvor.controller.core.RunState.Notice;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The person at the workstation: reads what is announced now and then, says yes when asked, and
/// does what else people do.
final class SimUser {
  private static final long PATIENT_MS = 3_600_000;

  private final Sim sim;
  private final Voyage voyage;

  /// What was typed to be lost.
  private final Set<UnitId> givenUp = new HashSet<>();

  private boolean reads;

  SimUser(Sim sim, Voyage voyage) {
    this.sim = sim;
    this.voyage = voyage;
  }

  void live() {
    sim.world.in(voyage.plan.purse().userLooksMs(), this::look);
  }

  /// Gives a box of his own into our care, and types it again until it is taken down.
  void adopts(SimBox box) {
    sim.world.in(
        sim.world.between(0, 120_000),
        () -> {
          if (voyage.state().isEmpty() && sim.world.ms() < sim.plan.faultsEndMs() + PATIENT_MS) {
            sim.world.note("the user adopts " + box.instance);
            voyage.say(
                new Fact.BoxAdopted(sim.station.now(), voyage.adopting(), box.instance, paid(box)));
            adopts(box);
          }
        });
  }

  /// The platform's word for the machine, and what it costs him.
  private static Offer paid(SimBox box) {
    Offer o = box.offer;
    return new Offer(
        o.id(),
        o.machine(),
        o.gpu(),
        o.gpus(),
        box.price(),
        o.minBid(),
        o.storage(),
        0,
        0,
        o.reliability(),
        o.place());
  }

  /// What is only looked after ends when its owner says so.
  private void endsWhatIsLookedAfter() {
    long enough = voyage.plan.job().steps() * voyage.plan.job().stepMs();
    boolean due = voyage.plan.looksAfter() && sim.world.ms() > enough;
    voyage
        .state()
        .filter(s -> due && !s.over() && s.will() instanceof RunState.Will.CarryOn)
        .ifPresent(_ -> {
          sim.world.note("the user has had enough");
          if (sim.world.oneIn(2)) {
            voyage.say(new Fact.Approved(sim.station.now(), "user"));
          }
          voyage.say(new Fact.WindDownAsked(sim.station.now(), "user"));
        });
  }

  /// Acknowledges what is told.
  boolean reads() {
    return reads;
  }

  boolean gaveUp(Disk.Saved saved) {
    return givenUp.stream().anyMatch(id -> id.manifestDigest().equals(saved.digest()));
  }

  private void look() {
    voyage.state().stream()
        .flatMap(s -> s.notices().stream())
        .filter(notice -> notice.next().contains("approve"))
        .findFirst()
        .ifPresent(this::answer);
    endsWhatIsLookedAfter();
    long pause = voyage.plan.purse().userLooksMs();
    sim.world.in(pause + sim.world.between(0, pause), this::look);
  }

  private void answer(Notice notice) {
    if (voyage.state().map(s -> !s.approved(sim.station.now())).orElse(false)) {
      sim.world.note("the user says yes to " + notice.key());
      voyage.say(new Fact.Approved(sim.station.now(), "user", until()));
    }
  }

  /// Some say yes for an hour, and are asked again.
  private Instant until() {
    return sim.world.oneIn(2) ? Fact.Approved.FOREVER : sim.station.now().plus(Duration.ofHours(1));
  }

  /// To somewhere between half and twice of what it is, as far as that is not spent.
  void editsBudget() {
    voyage
        .state()
        .filter(s -> !s.over())
        .ifPresent(s -> {
          Usd budget = new Usd(s.spec().budget().micros() * sim.world.between(50, 200) / 100);
          if (budget.compareTo(s.spent(sim.station.now())) > 0) {
            sim.world.note("the user sets the budget to " + budget);
            voyage.say(new Fact.BudgetChanged(sim.station.now(), budget, "user"));
          }
        });
  }

  /// Types what would be lost with a box.
  void abandons(SimBox box) {
    boolean known = voyage.state().map(s -> s.rentals().containsKey(box.ref)).orElse(false);
    if (known) {
      sim.world.note("the user abandons " + box.instance);
      voyage.say(new Fact.Abandoned(sim.station.now(), box.ref, "everything on it"));
    }
  }

  void acknowledges() {
    reads = true;
    voyage.state().stream()
        .flatMap(s -> s.notices().stream())
        .filter(n -> !n.acknowledged())
        .forEach(n -> voyage.say(new Fact.NoticeAcknowledged(sim.station.now(), n.number())));
  }

  /// Gives up the results that a box has not brought home.
  void givesUp(SimBox box) {
    List<UnitId> units = voyage.state().map(s -> results(s, box)).orElse(List.of());
    if (!units.isEmpty()) {
      givenUp.addAll(units);
      voyage.say(new Fact.CargoGivenUp(sim.station.now(), box.ref, units, "results"));
    }
  }

  private static List<UnitId> results(RunState s, SimBox box) {
    return s.cargo().unsafe(box.ref).stream()
        .map(Cargo.Stowed::unit)
        .filter(u -> u.kind() == UnitKind.RESULTS)
        .map(u -> u.id())
        .toList();
  }
}
