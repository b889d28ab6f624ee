package dev.salvor.controller.sim;

import dev.salvor.controller.core.Fact;
import dev.salvor.controller.loop.Event;
import dev.salvor.controller.sim.MemoryJournal.Crash;
import java.util.List;
import java.util.Optional;

/// Makes go wrong what the plan says, when it says so.
final class Faults {
  private static final long NOTICED_MS = 8_000;

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
            world.note("fault " + fault.kind() + " for " + fault.forMs() / 1000 + " s");
            strike(fault);
          });
    }
  }

  private void strike(Plan.Fault fault) {
    long until = world.ms() + fault.forMs();
    switch (fault.kind()) {
      case OUTBID -> victim().ifPresent(box -> sim.market.outbid(box, fault.forMs()));
      case CONTROLLER_KILL -> sim.station.kill("");
      case CRASH_AFTER_APPEND -> sim.journal.crashNext(Crash.AFTER);
      case CRASH_BEFORE_APPEND -> sim.journal.crashNext(Crash.BEFORE);
      case AGENT_KILL -> victim().ifPresent(box -> box.agent.kill());
      case JOB_KILL -> victim().ifPresent(box -> box.job.kill());
      case STALE_LIST -> weather.staleUntil = until;
      case PROVIDER_MUTE -> weather.muteUntil = until;
      case HOST_OFFLINE -> victim().ifPresent(box -> sim.market.hostAway(box, fault.forMs()));
      case PARTITION -> cut(until);
      case SLOW_COPY -> weather.slowCopyUntil = until;
      case COPY_BREAKS -> weather.copyBreaksUntil = until;
      case LOST_REPLIES -> weather.lostRepliesUntil = until;
      case LATE_REQUESTS -> weather.lateRequestsUntil = until;
      case SLOW_STARTS -> weather.slowStartsUntil = until;
      case LOADS_FOREVER -> weather.loadsForeverUntil = until;
      case AGENT_DIES -> victim().ifPresent(box -> box.agent.die());
      case HOST_GONE -> victim().ifPresent(box -> sim.market.hostGone(box));
      case OWNER_STOP -> victim().ifPresent(box -> sim.market.stop(box.instance));
      case OLD_RETURNS -> older().ifPresent(sim.market::returns);
      case LOGIN_FAILS -> weather.loginFailsUntil = until;
      case PRICES_RISE -> sim.market.pricesRise();
      case USER_WINDS_DOWN -> say(new Fact.WindDownAsked(world.now(), "user"));
      case USER_HALTS -> say(new Fact.HaltAsked(world.now(), "user"));
    }
  }

  private void say(Fact fact) {
    sim.station.post(new Event.Happened(sim.run, fact));
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
        .filter(box -> !box.erased && !box.equals(there.getLast()))
        .findFirst();
  }

  /// The line between here and every box is cut; both ends notice after a while.
  private void cut(long until) {
    weather.cutUntil = Math.max(until, world.ms() + NOTICED_MS + 1);
    world.in(NOTICED_MS, () -> sim.market.boxes().forEach(sim.station::hangUp));
  }
}
