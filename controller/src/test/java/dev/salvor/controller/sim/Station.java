package dev.salvor.controller.sim;

import dev.salvor.common.unit.RunId;
import dev.salvor.controller.core.Policy;
import dev.salvor.controller.core.Poll;
import dev.salvor.controller.core.RunState;
import dev.salvor.controller.core.Watch;
import dev.salvor.controller.core.rule.Leases;
import dev.salvor.controller.journal.JournalException;
import dev.salvor.controller.loop.Event;
import dev.salvor.controller.loop.Loop;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The workstation: a controller that polls, ticks and takes turns, can be killed at any moment and
/// started again on the same journal, sleeps when its lid is closed, and has a clock of its own.
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
  private long asleepUntil;
  private long sleeps;
  private long awayUntil;
  private long clockAheadMs;
  private long unwatchedMs;

  Station(Sim sim) {
    this.sim = sim;
    this.world = sim.world;
    sim.journal.fullWhen(() -> sim.weather.is(FaultKind.JOURNAL_FAILS));
  }

  /// What its wall clock shows.
  Instant now() {
    return world.now().plusMillis(clockAheadMs);
  }

  void setClockBy(long ms) {
    world.note("the controller's clock jumps by " + ms / 1000 + " s");
    clockAheadMs += ms;
  }

  boolean up() {
    return loop.isPresent();
  }

  boolean asleep() {
    return world.ms() < asleepUntil;
  }

  /// It is there, and has been for a while.
  boolean attends(long ms) {
    return up() && !asleep() && world.ms() - Math.max(upSince, asleepUntil) > ms;
  }

  /// How long in all nobody here could look at anything.
  long unwatchedMs() {
    return unwatchedMs;
  }

  /// Rises with each sleep: what was under way before is broken.
  long sleeps() {
    return sleeps;
  }

  /// Which life of the controller this is.
  long incarnation() {
    return incarnation;
  }

  /// The longest that its queue ever was.
  int deepest() {
    return deepest;
  }

  Optional<RunState> state(RunId run) {
    return loop.map(l -> l.states().get(run));
  }

  void start() {
    if (up()) {
      return;
    }
    if (world.ms() < awayUntil || asleep()) {
      world.in(Math.max(awayUntil, asleepUntil) - world.ms() + 1, this::start);
      return;
    }
    long mine = ++incarnation;
    world.note("controller starts, life " + mine);
    upSince = world.ms();
    Watch watch = new Watch(Sim.FLEET, TTL, now());
    Loop next = new Loop(this::now, sim.journal, sim.handler, sim.cast.core(), watch);
    loop = Optional.of(next);
    guarded(next::recover);
    tick(mine);
    poll(mine);
  }

  /// kill -9; somebody starts it again.
  void kill(String why) {
    if (!up()) {
      return;
    }
    world.note("controller is killed " + why);
    loop = Optional.empty();
    incarnation++;
    inbox.clear();
    turning = false;
    sim.journal.crashNext(MemoryJournal.Crash.NONE);
    dropLines();
    world.in(world.between(1_000, 90_000), this::start);
  }

  /// Killed, and nobody starts it for a long time.
  void leave(long ms) {
    awayUntil = Math.max(awayUntil, world.ms() + ms);
    unwatchedMs += ms;
    kill("for " + ms / 60_000 + " minutes");
  }

  /// The lid is closed: nothing runs here until it opens.
  void sleep(long ms) {
    world.note("the laptop sleeps for " + ms / 60_000 + " minutes");
    asleepUntil = Math.max(asleepUntil, world.ms() + ms);
    sleeps++;
    unwatchedMs += ms;
    world.in(8_000, this::dropLines);
  }

  private void dropLines() {
    List<SimBox> there = List.copyOf(connections.values());
    connections.clear();
    there.forEach(box -> box.agent.disconnect());
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
      awake(world.between(0, 20), () -> turn(mine));
    }
  }

  /// In so many milliseconds, or when it wakes.
  private void awake(long ms, Runnable action) {
    world.in(
        ms,
        () -> {
          if (asleep()) {
            awake(asleepUntil - world.ms() + 1, action);
          } else {
            action.run();
          }
        });
  }

  private void turn(long mine) {
    if (incarnation != mine) {
      return;
    }
    turning = false;
    List<Event> batch = List.copyOf(inbox);
    inbox.clear();
    loop.ifPresent(l -> guarded(() -> l.turn(batch)));
    sim.voyages().forEach(v -> v.invariants.afterTurn());
  }

  private void tick(long mine) {
    if (incarnation == mine) {
      post(new Event.Tick());
      awake(TICK_MS, () -> tick(mine));
    }
  }

  private void poll(long mine) {
    if (incarnation != mine) {
      return;
    }
    sim.market.list(answer -> {
      if (incarnation == mine) {
        looked(answer);
        awake(POLL_MS, () -> poll(mine));
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
      kill("by its journal: " + e.getMessage());
    }
  }

  /// How long a box may go on alone, as it is told with each beat.
  Optional<Duration> lease(SimBox box) {
    return state(box.voyage.run)
        .map(s -> Duration.between(now(), Leases.until(s, box.ref, Policy.DEFAULT, now())));
  }

  /// An agent dials. 0 when nobody answers.
  long accept(SimBox box) {
    boolean reached = !sim.weather.cutUp() && !sim.weather.cutDown() && !box.hostOffline;
    if (!up() || asleep() || !reached || box.barred) {
      return 0;
    }
    connections.values().removeIf(other -> other == box);
    connections.put(++nextConnection, box);
    return nextConnection;
  }

  /// A frame of this connection would be read now.
  boolean open(long connection) {
    SimBox box = connections.get(connection);
    return box != null && box.agent.connection() == connection && !asleep();
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
