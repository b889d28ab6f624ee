package dev.salvor.controller.sim;

import dev.salvor.common.unit.RunId;
import dev.salvor.controller.core.Policy;
import dev.salvor.controller.core.Poll;
import dev.salvor.controller.core.RunState;
import dev.salvor.controller.core.Watch;
import dev.salvor.controller.journal.JournalException;
import dev.salvor.controller.loop.Event;
import dev.salvor.controller.loop.Loop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The workstation: a controller that polls, ticks and takes turns, and can be killed at any moment
/// and started again on the same journal.
final class Station {
  static final Duration TTL = Duration.ofSeconds(2);
  private static final long TICK_MS = 1_000;
  private static final long POLL_MS = 5_000;

  private final Sim sim;
  private final World world;
  private final List<Event> inbox = new ArrayList<>();
  private final Map<Long, SimBox> connections = new HashMap<>();
  private Optional<Loop> loop = Optional.empty();
  private long incarnation;
  private long nextConnection;
  private boolean turning;
  private int deepest;
  private long upSince;

  Station(Sim sim) {
    this.sim = sim;
    this.world = sim.world;
  }

  boolean up() {
    return loop.isPresent();
  }

  long upSince() {
    return upSince;
  }

  /// Which life of the controller this is.
  long incarnation() {
    return incarnation;
  }

  /// The longest that its queue ever was.
  int deepest() {
    return deepest;
  }

  Optional<RunState> state() {
    return loop.map(l -> l.states().get(sim.run));
  }

  Map<RunId, RunState> states() {
    return loop.map(Loop::states).orElse(Map.of());
  }

  void start() {
    if (up()) {
      return;
    }
    long mine = ++incarnation;
    world.note("controller starts, life " + mine);
    upSince = world.ms();
    Watch watch = new Watch(Sim.FLEET, TTL, world.now());
    Loop next = new Loop(world::now, sim.journal, sim.handler, Policy.DEFAULT, watch);
    loop = Optional.of(next);
    guarded(next::recover);
    tick(mine);
    poll(mine);
  }

  /// kill -9.
  void kill(String why) {
    if (!up()) {
      return;
    }
    world.note("controller is killed " + why);
    loop = Optional.empty();
    incarnation++;
    inbox.clear();
    turning = false;
    connections.values().forEach(box -> box.agent.disconnect());
    connections.clear();
    sim.journal.crashNext(MemoryJournal.Crash.NONE);
    world.in(world.between(1_000, 90_000), this::start);
  }

  /// What reaches the queue; lost when nobody is there.
  void post(Event event) {
    if (!up()) {
      return;
    }
    inbox.add(event);
    deepest = Math.max(deepest, inbox.size());
    if (!turning) {
      turning = true;
      long mine = incarnation;
      world.in(world.between(0, 20), () -> turn(mine));
    }
  }

  private void turn(long mine) {
    if (incarnation != mine) {
      return;
    }
    turning = false;
    List<Event> batch = List.copyOf(inbox);
    inbox.clear();
    loop.ifPresent(l -> guarded(() -> l.turn(batch)));
    sim.invariants.afterTurn();
  }

  private void tick(long mine) {
    if (incarnation == mine) {
      post(new Event.Tick());
      world.in(TICK_MS, () -> tick(mine));
    }
  }

  private void poll(long mine) {
    if (incarnation != mine) {
      return;
    }
    sim.market.list(poll -> {
      if (incarnation == mine) {
        looked(poll);
        world.in(POLL_MS, () -> poll(mine));
      }
    });
  }

  private void looked(Poll poll) {
    post(new Event.Looked(poll));
  }

  /// A turn of the loop, or its death.
  private interface Work {
    void run() throws JournalException;
  }

  private void guarded(Work work) {
    try {
      work.run();
    } catch (MemoryJournal.Killed e) {
      kill(String.valueOf(e.getMessage()));
    } catch (JournalException e) {
      throw new IllegalStateException("this journal never fails", e);
    }
  }

  /// An agent dials. 0 when nobody answers.
  long accept(SimBox box) {
    if (!up() || sim.weather.cut() || box.hostOffline) {
      return 0;
    }
    connections.values().removeIf(other -> other == box);
    connections.put(++nextConnection, box);
    return nextConnection;
  }

  boolean open(long connection) {
    SimBox box = connections.get(connection);
    return box != null && box.agent.connection() == connection;
  }

  /// The line the controller thinks it has to a box; 0 for none.
  long connectionTo(SimBox box) {
    return connections.entrySet().stream()
        .filter(e -> e.getValue() == box)
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse(0L);
  }

  /// Both ends notice that the line is dead.
  void hangUp(SimBox box) {
    connections.values().removeIf(other -> other == box);
    box.agent.disconnect();
  }
}
