package dev.salvor.controller.sim;

import dev.salvor.common.unit.InstanceId;
import dev.salvor.common.unit.MachineId;
import dev.salvor.common.unit.UsdPerHour;
import dev.salvor.controller.core.Effect;
import dev.salvor.controller.core.Label;
import dev.salvor.controller.core.Offer;
import dev.salvor.controller.core.Permit;
import dev.salvor.controller.core.Poll;
import dev.salvor.controller.core.Sight;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// The marketplace: machines, rivals, rentals, and a list that may be late or not come at all.
final class SimMarket {
  private static final long SNAPSHOT_MS = 5_000;
  private static final int SNAPSHOTS = 9;
  private static final long TIMEOUT_MS = 10_000;
  private static final long FOREIGN = 999_999;
  private static final long NEVER_MS = 30L * 24 * 3_600_000;

  private final Sim sim;
  private final World world;
  private final Map<Long, SimBox> boxes = new HashMap<>();
  private final List<SimBox> inOrder = new ArrayList<>();
  private final Map<MachineId, UsdPerHour> rivals = new HashMap<>();
  private final Deque<List<Poll.Line>> snapshots = new ArrayDeque<>();
  private final List<Offer> machines = new ArrayList<>();
  private long nextInstance = 7_000;

  SimMarket(Sim sim) {
    this.sim = sim;
    this.world = sim.world;
    for (int i = 1; i <= sim.plan.machines(); i++) {
      double price = 0.2 + world.chance.nextInt(40) / 100.0;
      UsdPerHour full = UsdPerHour.of(price);
      UsdPerHour storage = UsdPerHour.of(0.01);
      machines.add(
          new Offer(
              100 + i,
              new MachineId(i),
              "RTX 4090",
              1,
              full,
              full.times(0.5),
              storage,
              0,
              0,
              0.99,
              "here"));
    }
    snapshot();
  }

  private void snapshot() {
    snapshots.addLast(lines());
    if (snapshots.size() > SNAPSHOTS) {
      snapshots.removeFirst();
    }
    world.in(SNAPSHOT_MS, this::snapshot);
  }

  List<SimBox> boxes() {
    return inOrder;
  }

  Optional<SimBox> box(InstanceId instance) {
    return Optional.ofNullable(boxes.get(instance.value())).filter(box -> !box.erased);
  }

  private List<Poll.Line> lines() {
    List<Poll.Line> lines = new ArrayList<>();
    for (SimBox box : inOrder) {
      if (!box.erased) {
        lines.add(box.line(minBid(box.offer)));
      }
    }
    Sight foreign =
        new Sight(
            Sight.Status.RUNNING,
            Sight.Wanted.RUNNING,
            false,
            UsdPerHour.of(1),
            UsdPerHour.ZERO,
            "somebody else's");
    lines.add(new Poll.Line(new InstanceId(FOREIGN), "salvor:other:job:1:1", foreign));
    return lines;
  }

  void list(Consumer<Poll> answer) {
    var begun = sim.station.now();
    Optional<String> refused = refused();
    if (refused.isPresent()) {
      long wait = sim.weather.mute() ? TIMEOUT_MS : world.between(20, 500);
      world.in(wait, () -> answer.accept(new Poll.Unanswered(begun, refused.get())));
      return;
    }
    world.in(
        world.between(20, 800),
        () -> {
          List<Poll.Line> lines =
              sim.weather.is(FaultKind.STALE_LIST)
                  ? List.copyOf(snapshots).get(world.chance.nextInt(snapshots.size()))
                  : lines();
          if (sim.weather.is(FaultKind.LISTS_LACK)) {
            lines = lines.stream().filter(line -> !world.oneIn(2)).toList();
          }
          List<Poll.Line> told = lines;
          world.in(world.between(20, 800), () -> answer.accept(new Poll.Listed(begun, told)));
        });
  }

  /// Why a list is not to be had now, if so.
  private Optional<String> refused() {
    if (sim.weather.mute()) {
      return Optional.of("timed out");
    }
    if (sim.weather.is(FaultKind.RATE_LIMITED) && !world.oneIn(4)) {
      return Optional.of("429 too many requests");
    }
    boolean fails =
        sim.weather.is(FaultKind.ERRORS_BEFORE) || sim.weather.is(FaultKind.ERRORS_AFTER);
    return fails && world.oneIn(2) ? Optional.of("502 bad gateway") : Optional.empty();
  }

  List<Offer> offers() {
    return machines.stream().filter(this::free).map(this::priced).toList();
  }

  private boolean free(Offer machine) {
    return inOrder.stream()
        .noneMatch(box -> !box.erased && box.offer.machine().equals(machine.machine()));
  }

  private Offer priced(Offer o) {
    return new Offer(
        o.id(),
        o.machine(),
        o.gpu(),
        o.gpus(),
        o.price(),
        minBid(o),
        o.storage(),
        0,
        0,
        o.reliability(),
        o.place());
  }

  private UsdPerHour minBid(Offer machine) {
    UsdPerHour rival = rivals.getOrDefault(machine.machine(), UsdPerHour.ZERO);
    return rival.compareTo(machine.minBid()) > 0 ? rival.times(1.01) : machine.minBid();
  }

  /// Rents; empty when the machine is taken.
  Optional<InstanceId> create(Voyage voyage, String label, Effect.Create asked) {
    if (!free(asked.offer())) {
      return Optional.empty();
    }
    SimBox box =
        new SimBox(
            sim,
            voyage,
            new SimBox.Listing(
                new InstanceId(++nextInstance), label, asked.offer(), asked.price()));
    boxes.put(box.instance.value(), box);
    inOrder.add(box);
    world.note("market creates " + box.instance + " as " + label);
    if (wins(box)) {
      box.start(loadMs());
    }
    return Optional.of(box.instance);
  }

  /// Somebody rents a machine at the platform's own page, and runs there what he likes.
  SimBox byHand(Voyage voyage) {
    Offer offer = offers().getFirst();
    UsdPerHour price = voyage.plan.interruptible() ? offer.minBid().times(1.2) : offer.price();
    InstanceId instance = new InstanceId(++nextInstance);
    SimBox box = new SimBox(sim, voyage, new SimBox.Listing(instance, "my own", offer, price));
    boxes.put(instance.value(), box);
    inOrder.add(box);
    world.note("somebody rents " + instance + " by hand");
    box.start(loadMs());
    return box;
  }

  private long loadMs() {
    if (sim.weather.is(FaultKind.LOADS_FOREVER)) {
      return NEVER_MS;
    }
    long usual = world.between(3_000, 60_000);
    return sim.weather.is(FaultKind.SLOW_STARTS) ? usual + world.between(60_000, 1_200_000) : usual;
  }

  private boolean wins(SimBox box) {
    return !box.bids || box.price().compareTo(minBid(box.offer)) >= 0;
  }

  void stop(InstanceId instance) {
    mustBeOurs(instance);
    box(instance)
        .ifPresent(box -> {
          box.wanted = false;
          if (!box.hostOffline) {
            box.kill("stopped by us");
          }
        });
  }

  void raise(InstanceId instance, UsdPerHour bid) {
    mustBeOurs(instance);
    box(instance)
        .filter(box -> !box.ended)
        .ifPresent(box -> {
          box.price(bid.compareTo(box.price()) > 0 ? bid : box.price());
          box.wanted = true;
          resume(box);
        });
  }

  void destroy(Permit permit) {
    mustBeOurs(permit.instance());
    box(permit.instance())
        .ifPresent(box -> {
          box.voyage.invariants.erasing(box, permit);
          box.erase();
        });
  }

  private static void mustBeOurs(InstanceId instance) {
    if (instance.value() == FOREIGN) {
      throw new Violation("touched a rental of another fleet");
    }
  }

  /// A rival bids more for the machine of a box.
  void outbid(SimBox box, long forMs) {
    if (box.erased) {
      return;
    }
    MachineId machine = box.offer.machine();
    UsdPerHour bid = box.price().times(1.05 + world.chance.nextInt(100) / 50.0);
    rivals.put(machine, bid);
    if (box.bids) {
      box.kill("outbid by " + bid);
    }
    world.in(
        forMs,
        () -> {
          if (bid.equals(rivals.get(machine))) {
            rivals.remove(machine);
            inOrder.stream().filter(b -> b.offer.machine().equals(machine)).forEach(this::resume);
          }
        });
  }

  /// Its contract is over: it stops for good, and is deleted after a time, read or not.
  void contractEnds(SimBox box, long deletedAfterMs) {
    if (box.erased || box.ended) {
      return;
    }
    world.note("the contract of " + box.instance + " ends");
    box.ended = true;
    box.wanted = false;
    box.kill("contract expired");
    world.in(deletedAfterMs, () -> vanishes(box));
  }

  /// Deleted by its owner, or by the platform.
  void vanishes(SimBox box) {
    if (!box.erased) {
      world.note("box " + box.instance + " is deleted by somebody else");
      box.erase();
    }
  }

  /// The host loses power: what was not flushed is gone.
  void powerLost(SimBox box, long forMs) {
    if (box.erased) {
      return;
    }
    box.kill("power lost");
    long flushed = world.ms() - world.between(0, 30_000);
    box.disk.lose(saved -> saved.at() > flushed);
    hostAway(box, forMs);
  }

  /// The container restarts, and the newest checkpoint is not what it was said to be.
  void tears(SimBox box) {
    if (box.up()) {
      box.kill("restarted");
      box.disk.newest().ifPresent(torn -> box.disk.lose(torn::equals));
      resume(box);
    }
  }

  /// Somebody presses start at the platform's own page, and pays what it takes.
  void returns(SimBox box) {
    if (box.erased || box.ended) {
      return;
    }
    world.note("box " + box.instance + " is started by somebody else");
    box.wanted = true;
    box.price(minBid(box.offer).compareTo(box.price()) > 0 ? minBid(box.offer) : box.price());
    resume(box);
  }

  /// Runs again by itself when its bid wins.
  void resume(SimBox box) {
    if (!box.erased && box.wanted && !box.hostOffline && wins(box)) {
      box.start(loadMs());
    }
  }

  /// The host's line goes away, and comes back.
  void hostAway(SimBox box, long forMs) {
    if (box.erased || box.hostOffline) {
      return;
    }
    world.note("host of " + box.instance + " is away");
    box.hostOffline = true;
    world.in(
        world.between(3_000, 10_000),
        () -> {
          if (box.hostOffline) {
            sim.station.hangUp(box);
          }
        });
    world.in(forMs, () -> hostBack(box, world.chance.nextBoolean()));
  }

  private void hostBack(SimBox box, boolean rebooted) {
    world.note("host of " + box.instance + " is back");
    box.hostOffline = false;
    if (rebooted || !box.wanted) {
      box.kill("host was away");
    }
    if (!box.erased) {
      resume(box);
    }
  }

  /// The host's line goes away for good.
  void hostGone(SimBox box) {
    hostAway(box, 30L * 24 * 3_600_000);
  }

  void pricesMove(double factor) {
    machines.replaceAll(o ->
        new Offer(
            o.id(),
            o.machine(),
            o.gpu(),
            o.gpus(),
            o.price().times(factor),
            o.minBid().times(factor),
            o.storage(),
            0,
            0,
            o.reliability(),
            o.place()));
  }

  /// Our rental that a label names, newest first.
  Optional<SimBox> labelled(String text) {
    return inOrder.reversed().stream()
        .filter(b -> !b.erased && Label.parse(text).isPresent() && b.label().equals(text))
        .findFirst();
  }
}
