package dev.salvor.controller.sim;

import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.checkpoint.UnitId;
import dev.salvor.common.checkpoint.UnitKind;
import dev.salvor.controller.core.AgentOrder;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.core.PrunePermit;
import dev.salvor.controller.loop.Event;
import dev.salvor.controller.sim.Disk.Saved;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The agent on a box: dials out, beats, spools what happened and says it again until it is
/// acknowledged, and carries out orders once.
final class SimAgent {
  private static final long BEAT_MS = 2_000;
  private static final long ALONE_MS = 60_000;
  private static final long LONGEST_PAUSE_MS = 30_000;

  private final Sim sim;
  private final World world;
  private final SimBox box;

  // On the disk: survives the agent and the box.
  private final SimSpool spool;
  private final SimLease lease;
  private final SimRoom room;
  private int starts;
  private boolean ended;

  /// A restore that an order began: an agent that comes up finds it there, and begins it anew.
  private Optional<Runnable> unfinished = Optional.empty();

  // In its memory.
  private boolean up;
  private long life;
  private long connection;
  private long unheardSince;
  private int tries;
  private boolean scanning;
  private boolean quietAsked;
  private boolean restoring;
  private boolean held;

  SimAgent(Sim sim, SimBox box) {
    this.sim = sim;
    this.world = sim.world;
    this.box = box;
    this.spool = new SimSpool(sim, box);
    this.lease = new SimLease(sim, box);
    this.room = new SimRoom(sim, box, spool);
  }

  /// 0 for none.
  long connection() {
    return connection;
  }

  boolean up() {
    return up && box.up();
  }

  void boot() {
    starts = 0;
    ended = false;
    room.boot();
    unfinished = Optional.empty();
    quietAsked = false;
    restoring = false;
    held = false;
    lease.boot();
    wake(world.between(2_000, 15_000));
  }

  void vanish() {
    up = false;
    life++;
    connection = 0;
    restoring = false;
    scanning = false;
    if (box.disk.full) {
      spool.forgetUnits();
    }
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
    if (connection != 0) {
      connection = 0;
      unheardSince = world.ms();
      tries = 0;
      redial(life);
    }
  }

  private void wake(long delay) {
    long mine = ++life;
    world.in(
        delay,
        () -> {
          if (life == mine && box.up()) {
            up = true;
            unheardSince = world.ms();
            tries = 0;
            if (sim.cast.habits().startsAtOnce() && box.boot > 1 && box.disk.everStarted) {
              begin();
            }
            dial(mine);
            scanning = false;
            diskMoved();
            unfinished.ifPresent(Runnable::run);
          }
        });
  }

  private void redial(long mine) {
    long pause = Math.min(LONGEST_PAUSE_MS, 1_000L << Math.min(5, tries++));
    world.in(world.between(pause / 2, pause * 2), () -> dial(mine));
  }

  private void dial(long mine) {
    if (life != mine || !up() || connection != 0) {
      return;
    }
    connection = sim.station.accept(box);
    if (connection != 0) {
      hello();
      beat(mine, connection);
      return;
    }
    if (mayStartAlone()) {
      world.note("agent on " + box.instance + " starts the job alone");
      begin();
    }
    redial(mine);
  }

  private boolean mayStartAlone() {
    return box.boot > 1
        && box.disk.everStarted
        && !held
        && !box.disk.fenced
        && !box.disk.done
        && !box.job.running()
        && box.disk.proceeded < box.boot
        && world.ms() - unheardSince >= ALONE_MS;
  }

  private void hello() {
    int boot = box.boot;
    boolean runs = box.job.running() || restoring;
    boolean proceeded = box.disk.proceeded == boot && !ended;
    spool.send(
        connection,
        () ->
            new Event.Happened(
                box.voyage.run,
                new Fact.AgentJoined(sim.station.now(), box.ref, boot, runs, proceeded)));
    spool.sendAll(connection);
  }

  private void beat(long mine, long line) {
    if (life != mine || connection != line) {
      return;
    }
    spool.send(line, () -> new Event.Heard(box.voyage.run, box.ref, sim.station.now()));
    if (spool.passes() && !sim.weather.cutDown() && sim.station.open(line)) {
      sim.station.lease(box).ifPresent(lease::grant);
    }
    world.in(BEAT_MS, () -> beat(mine, line));
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
        diskMoved();
      }
      case AgentOrder.StopJob stop -> halt(stop.grace(), "stopped");
      case AgentOrder.StopHung stop -> halt(stop.grace(), "hung");
      case AgentOrder.AskCheckpoint _ -> {
        // Its job does not listen.
      }
      case AgentOrder.Fence _ -> {
        box.disk.fenced = true;
        halt(Duration.ofSeconds(30), "fenced");
      }
    }
  }

  /// An order to remove a checkpoint arrived.
  void prune(long id, PrunePermit.Terms terms) {
    if (up && terms.boot() == box.boot && box.disk.orders.add(id)) {
      room.prune(connection, id, terms);
    }
  }

  private void halt(Duration grace, String cause) {
    held = true;
    unfinished = Optional.empty();
    if (restoring) {
      restoring = false;
      box.disk.proceeded = 0;
    }
    box.job.terminate(grace.toMillis(), cause);
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
    spool.report(connection, at -> new Fact.JobStarted(at, box.ref, boot, start));
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
        world.between(1_000, box.voyage.plan.net().carryMs() + 1_000),
        () -> {
          if (life == mine && restoring) {
            restored(id, unit);
          }
        });
  }

  private void restored(long id, UnitId unit) {
    restoring = false;
    unfinished = Optional.empty();
    if (connection == 0 || sim.weather.cut() || !sim.target.has(unit) || box.disk.full) {
      box.disk.proceeded = 0;
      spool.report(
          connection, at -> new Fact.OrderFailed(at, box.ref, id, "the unit could not be fetched"));
      return;
    }
    Saved brought = sim.effects.saved(unit);
    box.voyage.invariants.resumes(box, brought);
    box.disk.add(brought, box.voyage.plan.job().keep());
    if (!box.voyage.plan.net().reportsRestored()) {
      box.disk.captured.add(brought);
    }
    spool.report(connection, at -> new Fact.Restored(at, box.ref, unit));
    begin();
  }

  /// The shim saw it end; an agent that is away finds it later.
  void jobEnded(int exit, String cause) {
    box.disk.done = exit == 0;
    int boot = box.boot;
    int start = starts;
    ended = true;
    spool.report(
        connection, at -> new Fact.JobEnded(at, box.ref, boot, exit, cause, List.of(), start));
    diskMoved();
  }

  /// The job prints a line that its user may have a policy for.
  void says(long step) {
    int policies = Plan.meanings(box.voyage.plan.job()).size();
    if (policies > 0 && up()) {
      int boot = box.boot;
      int start = starts;
      int policy = 1 + (int) (step % policies);
      spool.report(
          connection, at -> new Fact.LogMatched(at, box.ref, boot, start, policy, "boom " + step));
    }
  }

  /// It told the platform to stop its box: last words.
  void farewell(String why) {
    int boot = box.boot;
    var then = world.now();
    spool.report(connection, at -> new Fact.SelfStopped(at, box.ref, boot, then, why));
  }

  /// Something changed on the disk, or is asked of it: it is looked over soon.
  void diskMoved() {
    if (!up || scanning) {
      return;
    }
    scanning = true;
    long mine = life;
    world.in(
        world.between(200, 2_000),
        () -> {
          if (life == mine && box.up()) {
            scanning = false;
            rescan();
            quieten();
          }
        });
  }

  private void quieten() {
    if (!quietAsked) {
      return;
    }
    if (box.job.running() || restoring) {
      diskMoved();
      return;
    }
    int boot = box.boot;
    long position = box.disk.position;
    boolean ever = box.disk.everStarted;
    quietAsked = false;
    spool.report(connection, at -> new Fact.Quiesced(at, box.ref, boot, position, ever));
  }

  private void rescan() {
    List<Saved> fresh = new ArrayList<>(box.disk.own());
    fresh.removeAll(box.disk.captured);
    for (Saved saved : fresh) {
      box.disk.captured.add(saved);
      Unit unit = saved.unit(box.ref.generation(), box.boot, ++box.disk.position, world.now());
      sim.effects.knows(saved);
      if (saved.kind() == UnitKind.CHECKPOINT) {
        pin(saved);
      }
      spool.report(connection, at -> new Fact.UnitSeen(at, box.ref, unit));
    }
    room.look(connection);
  }

  private void pin(Saved newest) {
    int most = sim.cast.habits().pins();
    boolean bounded = most > 0;
    int models = box.voyage.plan.job().models();
    box.disk.pin(
        newest,
        bounded ? most * models : Integer.MAX_VALUE,
        old -> bounded && sim.target.holds(old.digest()));
  }
}
