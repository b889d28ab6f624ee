package dev.salvor.agent.core;

import dev.salvor.common.checkpoint.Completeness;
import dev.salvor.common.checkpoint.FileEntry;
import dev.salvor.common.checkpoint.Manifest;
import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.checkpoint.UnitId;
import dev.salvor.common.checkpoint.UnitKind;
import dev.salvor.common.unit.Sha256;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Steps the core by hand, on a clock by hand, and keeps what it wanted done.
final class Box {
  static final JobSpec JOB =
      new JobSpec("train", "/work", Map.of("A", "b"), List.of("/work/ckpt"), List.of("/work"));

  static final AgentState.Spooled EMPTY = new AgentState.Spooled(new Outbox(0, 0), List.of());

  private final List<Action> last = new ArrayList<>();
  private final List<Report> spooled = new ArrayList<>();
  private AgentState state;
  private long mono;
  private long wallFrom = 1_000_000;

  Box(int boot) {
    this(boot, Memory.fresh(boot));
  }

  Box(int boot, Memory memory) {
    this(boot, memory, new AgentState.Spooled(new Outbox(0, 0), List.of()));
  }

  Box(int boot, Memory memory, AgentState.Spooled spool) {
    this(boot, memory, spool, false);
  }

  Box(int boot, Memory memory, AgentState.Spooled spool, boolean ownsStop) {
    Self self = new Self(boot, "boot-id", "test", ownsStop);
    state = AgentState.restored(self, memory, spool, new Jitter(7), moment());
  }

  private Box(int boot, Memory memory, long wallFrom) {
    this.wallFrom = wallFrom;
    Self self = new Self(boot, "boot-id", "test", true);
    state = AgentState.restored(self, memory, EMPTY, new Jitter(7), moment());
  }

  /// A box that trains and has the platform's key.
  static Box owning(int boot) {
    Box box = new Box(boot, Memory.fresh(boot), EMPTY, true);
    box.on(new AgentEvent.Started()).on(new AgentEvent.JobAbsent());
    box.on(new AgentEvent.Welcomed(2000, 0));
    box.order("p1", new Order.Proceed(JOB, new StartFrom.Disk()));
    return box.on(new AgentEvent.JobUp(77, false));
  }

  /// A box that has the platform's key and trains what writes a checkpoint when it is asked.
  static Box listening() {
    JobCare care =
        new JobCare(
            new JobCare.Tasks(List.of(), List.of(), List.of(), List.of()),
            new JobCare.Listens.Signal("USR1"),
            Map.of(),
            List.of("tmp/**"),
            0);
    JobSpec job =
        new JobSpec("train", "/work", Map.of(), List.of("/work/ckpt"), List.of("/work"), care);
    Box box = new Box(1, Memory.fresh(1), EMPTY, true);
    box.on(new AgentEvent.Started()).on(new AgentEvent.JobAbsent());
    box.on(new AgentEvent.Welcomed(2000, 0));
    box.order("p1", new Order.Proceed(job, new StartFrom.Disk()));
    return box.on(new AgentEvent.JobUp(77, false));
  }

  /// Its agent comes up anew on the same boot; the wall clock has moved besides.
  Box restarted(long wallMs) {
    return new Box(state.self().boot(), memory(), wallFrom + mono + wallMs)
        .on(new AgentEvent.Started());
  }

  /// The box boots again after so long.
  Box rebooted(long afterMs) {
    return new Box(state.self().boot() + 1, memory(), wallFrom + mono + afterMs)
        .on(new AgentEvent.Started());
  }

  void wallJumps(long ms) {
    wallFrom += ms;
  }

  private Moment moment() {
    return new Moment(mono, wallFrom + mono);
  }

  /// A box on its first boot whose controller answered and whose job was not found.
  static Box up() {
    Box box = new Box(1);
    box.on(new AgentEvent.Started());
    box.on(new AgentEvent.JobAbsent());
    box.on(new AgentEvent.Welcomed(2000, 0));
    return box;
  }

  static Box running() {
    Box box = up();
    box.order("p1", new Order.Proceed(JOB, new StartFrom.Disk()));
    box.on(new AgentEvent.JobUp(77, false));
    return box;
  }

  Box on(AgentEvent event) {
    last.clear();
    Step step = AgentCore.step(state, event, moment());
    state = step.state();
    last.addAll(step.actions());
    step.actions().stream()
        .filter(Action.Spool.class::isInstance)
        .forEach(a -> spooled.add(((Action.Spool) a).report()));
    return this;
  }

  Box order(String id, Order.What what) {
    return on(new AgentEvent.Ordered(new Order(id, what)));
  }

  Box after(long ms) {
    mono += ms;
    return on(new AgentEvent.Tick());
  }

  /// Sleeps as the loop does: to the moment the core asked for.
  Box sleep() {
    long wait = Math.max(0, AgentCore.nextWake(state) - mono);
    return after(wait);
  }

  /// As `sleep`, but no longer than that.
  Box sleepAtMost(long ms) {
    return after(Math.clamp(AgentCore.nextWake(state) - mono, 0, ms));
  }

  long now() {
    return mono;
  }

  AgentState state() {
    return state;
  }

  Memory memory() {
    return state.memory();
  }

  List<Action> actions() {
    return List.copyOf(last);
  }

  <T extends Action> List<T> actions(Class<T> kind) {
    return last.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  List<Report> spooled() {
    return List.copyOf(spooled);
  }

  static Unit unit(int boot, long captureSeq) {
    Sha256 digest = Sha256.of(("bytes " + captureSeq).getBytes(StandardCharsets.UTF_8));
    Manifest manifest =
        new Manifest("/work/ckpt", List.of(new FileEntry("m.safetensors", 7, digest)));
    return new Unit(
        new UnitId(1, boot, captureSeq, manifest.digest()),
        UnitKind.CHECKPOINT,
        "safetensors",
        captureSeq * 100,
        Completeness.COMMITTED,
        manifest,
        Instant.EPOCH);
  }
}
