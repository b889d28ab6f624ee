package dev.salvor.controller.sim;

import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.checkpoint.UnitId;
import dev.salvor.controller.core.AgentOrder;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.loop.Event;
import dev.salvor.controller.sim.Disk.Saved;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// The agent on a box: dials out, beats, spools what happened and says it again until it is
/// acknowledged, and carries out orders once.
final class SimAgent {
  private static final long BEAT_MS = 2_000;
  private static final long SCAN_MS = 1_000;
  private static final long ALONE_MS = 60_000;

  private final Sim sim;
  private final World world;
  private final SimBox box;

  // On the disk: survives the agent and the box.
  private final Map<Long, Function<Instant, Fact>> spool = new LinkedHashMap<>();
  private long spooled;
  private int starts;
  private boolean ended;

  /// A restore that an order began: an agent that comes up finds it there, and begins it anew.
  private Optional<Runnable> unfinished = Optional.empty();

  // In its memory.
  private boolean up;
  private long life;
  private long connection;
  private long lastFrameAt;
  private long unheardSince;
  private boolean quietAsked;
  private boolean restoring;
  private boolean held;

  SimAgent(Sim sim, SimBox box) {
    this.sim = sim;
    this.world = sim.world;
    this.box = box;
  }

  /// 0 for none.
  long connection() {
    return connection;
  }

  void boot() {
    starts = 0;
    ended = false;
    unfinished = Optional.empty();
    quietAsked = false;
    restoring = false;
    held = false;
    wake(world.between(2_000, 15_000));
  }

  void vanish() {
    up = false;
    life++;
    connection = 0;
    restoring = false;
  }

  /// kill -9: its supervisor brings it back, and it adopts what runs.
  void kill() {
    if (up) {
      world.note("agent on " + box.instance + " is killed");
      vanish();
      wake(world.between(1_000, 5_000));
    }
  }

  /// Killed, and its supervisor with it: this boot has no agent any more.
  void die() {
    world.note("agent on " + box.instance + " dies");
    vanish();
    world.in(
        8_000,
        () -> {
          if (!up) {
            sim.station.hangUp(box);
          }
        });
  }

  /// The line is dead, and both ends know by now.
  void disconnect() {
    connection = 0;
  }

  private void wake(long delay) {
    long mine = ++life;
    world.in(
        delay,
        () -> {
          if (life == mine && box.up()) {
            up = true;
            unheardSince = world.ms();
            dial(mine);
            scan(mine);
            unfinished.ifPresent(Runnable::run);
          }
        });
  }

  private void dial(long mine) {
    if (life != mine || !box.up()) {
      return;
    }
    if (connection == 0) {
      connection = sim.station.accept(box);
      if (connection != 0) {
        hello();
        beat(mine, connection);
      }
    }
    if (connection != 0) {
      unheardSince = world.ms();
    } else if (mayStartAlone()) {
      world.note("agent on " + box.instance + " starts the job alone");
      begin();
    }
    world.in(world.between(1_000, 3_000), () -> dial(mine));
  }

  private boolean mayStartAlone() {
    return box.boot > 1
        && box.disk.everStarted
        && !held
        && !box.disk.fenced
        && !box.disk.done
        && box.disk.proceeded < box.boot
        && world.ms() - unheardSince >= ALONE_MS;
  }

  private void hello() {
    int boot = box.boot;
    boolean runs = box.job.running() || restoring;
    boolean proceeded = box.disk.proceeded == boot && !ended;
    send(
        new Event.Happened(
            sim.run, new Fact.AgentJoined(world.now(), box.ref, boot, runs, proceeded)));
    List.copyOf(spool.keySet()).forEach(this::sendSpooled);
  }

  private void beat(long mine, long line) {
    if (life == mine && connection == line) {
      send(new Event.Heard(sim.run, box.ref, world.now()));
      world.in(BEAT_MS, () -> beat(mine, line));
    }
  }

  /// Remembers, then says it until it is acknowledged.
  private void report(Function<Instant, Fact> event) {
    spool.put(++spooled, event);
    sendSpooled(spooled);
  }

  private void sendSpooled(long seq) {
    Function<Instant, Fact> event = spool.get(seq);
    if (connection == 0 || event == null) {
      return;
    }
    long line = connection;
    up(
        line,
        () -> {
          Fact fact = event.apply(world.now());
          Runnable ack = () -> world.in(world.between(10, 200), () -> acknowledged(line, seq));
          sim.station.post(new Event.Happened(sim.run, fact, ack));
        });
  }

  private void acknowledged(long line, long seq) {
    if (connection == line && !sim.weather.cut()) {
      spool.remove(seq);
    }
  }

  private void send(Event event) {
    up(connection, () -> sim.station.post(event));
  }

  /// Frames of one connection arrive in order, or not at all.
  private void up(long line, Runnable arrived) {
    lastFrameAt = Math.max(lastFrameAt, world.ms() + world.between(5, 150));
    world.in(
        lastFrameAt - world.ms(),
        () -> {
          if (sim.station.open(line) && !sim.weather.cut() && !box.hostOffline) {
            arrived.run();
          }
        });
  }

  /// An order arrived.
  void ordered(long id, int boot, AgentOrder order) {
    if (!up || boot != box.boot || !box.disk.orders.add(id)) {
      return;
    }
    switch (order) {
      case AgentOrder.Proceed _ -> proceed();
      case AgentOrder.ProceedFrom from -> restore(id, from.unit());
      case AgentOrder.Quiesce _ -> {
        quietAsked = true;
        held = true;
        box.disk.done = true;
      }
      case AgentOrder.StopJob stop -> halt(stop.grace());
      case AgentOrder.StopHung stop -> halt(stop.grace());
      case AgentOrder.AskCheckpoint _ -> {
        // Its job does not listen.
      }
      case AgentOrder.Fence _ -> {
        box.disk.fenced = true;
        halt(Duration.ofSeconds(30));
      }
    }
  }

  private void halt(Duration grace) {
    held = true;
    unfinished = Optional.empty();
    if (restoring) {
      restoring = false;
      box.disk.proceeded = 0;
    }
    box.job.terminate(grace.toMillis());
  }

  private void proceed() {
    held = false;
    box.disk.fenced = false;
    box.disk.done = false;
    quietAsked = false;
    if (!box.job.running() && !restoring) {
      begin();
    }
  }

  private void begin() {
    box.disk.proceeded = box.boot;
    box.job.start();
    int boot = box.boot;
    int start = ++starts;
    ended = false;
    report(at -> new Fact.JobStarted(at, box.ref, boot, start));
  }

  private void restore(long id, UnitId unit) {
    if (box.job.running() || restoring) {
      return;
    }
    held = false;
    quietAsked = false;
    restoring = true;
    unfinished = Optional.of(() -> restore(id, unit));
    box.disk.proceeded = box.boot;
    long mine = life;
    world.in(
        world.between(1_000, sim.plan.net().carryMs() + 1_000),
        () -> {
          if (life == mine && restoring) {
            restored(id, unit);
          }
        });
  }

  private void restored(long id, UnitId unit) {
    restoring = false;
    unfinished = Optional.empty();
    if (connection == 0 || sim.weather.cut() || !sim.target.has(unit)) {
      box.disk.proceeded = 0;
      report(at -> new Fact.OrderFailed(at, box.ref, id, "the unit could not be fetched"));
      return;
    }
    Saved brought = sim.effects.saved(unit);
    box.disk.add(brought, sim.plan.job().keep());
    if (!sim.plan.net().reportsRestored()) {
      box.disk.captured.add(brought);
    }
    report(at -> new Fact.Restored(at, box.ref, unit));
    begin();
  }

  /// The shim saw it end; an agent that is away finds it later.
  void jobEnded(int exit, String cause) {
    box.disk.done = exit == 0;
    int boot = box.boot;
    int start = starts;
    ended = true;
    report(at -> new Fact.JobEnded(at, box.ref, boot, exit, cause, List.of(), start));
  }

  private void scan(long mine) {
    if (life != mine || !box.up()) {
      return;
    }
    rescan();
    if (quietAsked && !box.job.running() && !restoring) {
      int boot = box.boot;
      long position = box.disk.position;
      boolean ever = box.disk.everStarted;
      quietAsked = false;
      report(at -> new Fact.Quiesced(at, box.ref, boot, position, ever));
    }
    world.in(SCAN_MS + world.between(0, 1_000), () -> scan(mine));
  }

  private void rescan() {
    List<Saved> fresh = new ArrayList<>(box.disk.all());
    fresh.removeAll(box.disk.captured);
    for (Saved saved : fresh) {
      box.disk.captured.add(saved);
      Unit unit = saved.unit(box.ref.generation(), box.boot, ++box.disk.position, world.now());
      sim.effects.knows(saved);
      report(at -> new Fact.UnitSeen(at, box.ref, unit));
    }
  }
}
