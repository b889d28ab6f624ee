package dev.salvor.controller.sim;

import dev.salvor.controller.core.Fact;
import dev.salvor.controller.sim.MemoryJournal.Crash;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// Makes go wrong what the plan says, when it says so.
final class Faults {
  private static final long NOTICED_MS = 8_000;
  private static final long LONGEST_STEP_MS = 6 * 60_000;

  private final Sim sim;
  private final World world;
  private final Weather weather;

  Faults(Sim sim) {
    this.sim = sim;
    this.world = sim.world;
    this.weather = sim.weather;
  }

  void schedule() {
    for (Plan.Fault fault : sim.plan.faults()) {
      world.in(
          fault.atMs(),
          () -> {
            world.note("fault " + Mix.word(fault.kind()) + " for " + fault.forMs() / 1000 + " s");
            strike(fault.kind(), fault.forMs());
          });
    }
  }

  private void strike(FaultKind kind, long forMs) {
    switch (kind) {
      case PARTITION, CUT_UP, CUT_DOWN, OFFLINE_HERE -> cut(kind, forMs);
      case PRICES_RISE -> sim.market.pricesMove(1.5);
      case PRICES_FALL -> sim.market.pricesMove(0.6);
      case CONTROLLER_KILL -> sim.station.kill("");
      case CRASH_AFTER_APPEND -> sim.journal.crashNext(Crash.AFTER);
      case CRASH_BEFORE_APPEND -> sim.journal.crashNext(Crash.BEFORE);
      case LONG_AWAY -> sim.station.leave(forMs);
      case LAPTOP_SLEEPS -> sim.station.sleep(forMs);
      case CLOCK_JUMPS -> sim.station.setClockBy(world.between(-LONGEST_STEP_MS, LONGEST_STEP_MS));
      case TARGET_ROTS -> rot();
      case OLD_RETURNS -> older().ifPresent(sim.market::returns);
      case OUTBID,
          CONTRACT_ENDS,
          HALF_OPEN,
          DISK_FULL,
          TORN_WRITE,
          POWER_LOSS,
          HOST_OFFLINE,
          HOST_GONE,
          AGENT_KILL,
          AGENT_DIES,
          JOB_KILL,
          CLONE,
          LIES,
          OWNER_STOP,
          OWNER_DELETES ->
          victim().ifPresent(box -> hit(box, kind, forMs));
      case USER_WINDS_DOWN,
          USER_HALTS,
          USER_APPROVES,
          USER_ABANDONS,
          USER_ACKNOWLEDGES,
          USER_ASKS,
          USER_EDITS_BUDGET,
          USER_GIVES_UP_CARGO ->
          person(kind);
      // All others last for a while.
      default -> weather.until(kind, world.ms() + forMs);
    }
  }

  /// Something becomes of one box.
  private void hit(SimBox box, FaultKind kind, long forMs) {
    switch (kind) {
      case OUTBID -> sim.market.outbid(box, forMs);
      case CONTRACT_ENDS -> sim.market.contractEnds(box, forMs);
      case HALF_OPEN -> halfOpen(box, forMs);
      case DISK_FULL -> diskFull(box, forMs);
      case TORN_WRITE -> sim.market.tears(box);
      case POWER_LOSS -> sim.market.powerLost(box, forMs);
      case HOST_OFFLINE -> sim.market.hostAway(box, forMs);
      case HOST_GONE -> sim.market.hostGone(box);
      case AGENT_KILL -> box.agent.kill();
      case AGENT_DIES -> box.agent.die();
      case JOB_KILL -> box.job.kill();
      case CLONE -> new Stranger(sim, box).copy(forMs);
      case LIES -> new Stranger(sim, box).lie(world.ms() + forMs);
      case OWNER_STOP -> sim.market.stop(box.instance);
      case OWNER_DELETES -> sim.market.vanishes(box);
      default -> throw new IllegalStateException(kind + " hits no box");
    }
  }

  private void person(FaultKind kind) {
    List<Voyage> all = sim.voyages();
    Voyage voyage = all.get(world.chance.nextInt(all.size()));
    var now = sim.station.now();
    switch (kind) {
      case USER_WINDS_DOWN -> voyage.say(new Fact.WindDownAsked(now, "user"));
      case USER_HALTS -> voyage.say(new Fact.HaltAsked(now, "user"));
      case USER_APPROVES -> voyage.say(new Fact.Approved(now, "user"));
      case USER_EDITS_BUDGET -> voyage.user.editsBudget();
      case USER_ASKS -> voyage.say(new Fact.CheckpointAsked(now, "user"));
      case USER_ACKNOWLEDGES -> voyage.user.acknowledges();
      case USER_ABANDONS -> onOneOf(voyage, voyage.user::abandons);
      case USER_GIVES_UP_CARGO -> onOneOf(voyage, voyage.user::givesUp);
      default -> throw new IllegalStateException(kind + " is no person's doing");
    }
  }

  private void onOneOf(Voyage voyage, Consumer<SimBox> what) {
    List<SimBox> there = voyage.boxes().stream().filter(box -> !box.erased).toList();
    if (!there.isEmpty()) {
      what.accept(there.get(world.chance.nextInt(there.size())));
    }
  }

  /// The newest box, or now and then any other.
  private Optional<SimBox> victim() {
    List<SimBox> there = sim.market.boxes().stream().filter(box -> !box.erased).toList();
    if (there.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        world.oneIn(4) ? there.get(world.chance.nextInt(there.size())) : there.getLast());
  }

  /// The newest box that has a successor.
  private Optional<SimBox> older() {
    List<SimBox> there = sim.market.boxes();
    return there.reversed().stream()
        .filter(box -> !box.erased && !box.equals(box.voyage.boxes().getLast()))
        .findFirst();
  }

  /// Lines are cut, on one way or both; both ends notice after a while.
  private void cut(FaultKind kind, long forMs) {
    weather.until(kind, world.ms() + Math.max(forMs, NOTICED_MS + 1));
    world.in(NOTICED_MS, () -> sim.market.boxes().forEach(sim.station::hangUp));
  }

  /// Both ends think that the line is up, until the agent misses its answers.
  private void halfOpen(SimBox box, long forMs) {
    long line = box.agent.connection();
    if (line == 0) {
      return;
    }
    box.halfOpenUntil = world.ms() + forMs;
    world.in(
        Math.min(forMs, world.between(15_000, 40_000)),
        () -> {
          box.halfOpenUntil = world.ms();
          if (box.agent.connection() == line) {
            box.agent.disconnect();
          }
        });
  }

  private void diskFull(SimBox box, long forMs) {
    box.disk.full = true;
    world.in(forMs, () -> box.disk.full = false);
  }

  private void rot() {
    List<String> there = sim.target.all();
    if (!there.isEmpty()) {
      String place = there.get(world.chance.nextInt(there.size()));
      world.note("the target loses " + place);
      sim.target.rot(place);
    }
  }
}
