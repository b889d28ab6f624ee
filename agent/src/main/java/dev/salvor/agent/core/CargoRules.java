package dev.salvor.agent.core;

import static dev.salvor.agent.core.Action.Say.Level.WARN;

import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.checkpoint.UnitId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// When to look for cargo, what of it to report, when to carry, and when the box is quiet.
final class CargoRules {
  /// A new checkpoint is seen within this.
  static final long RESCAN_EVERY_MS = 1_000;

  /// With this many reports unsent, new units wait on the disk rather than in the spool.
  static final long MAX_WAITING = 20_000;

  private CargoRules() {}

  static void apply(Turn turn, AgentEvent.FromCargo event) {
    switch (event) {
      case AgentEvent.UnitsFound found -> {
        scanned(turn);
        found.units().forEach(unit -> seen(turn, unit));
        if (turn.notes().quiesceAsked() && !turn.job.busy()) {
          // The end of a job is told in pieces: the next one at once.
          turn.chores = turn.chores.withScanning(false, turn.now.monoMs());
        }
      }
      case AgentEvent.Noticed noticed -> noticed.notices().forEach(notice -> noticed(turn, notice));
      case AgentEvent.RoomSeen seen -> RoomRules.apply(turn, seen);
      case AgentEvent.RoomMade made -> RoomRules.apply(turn, made);
      case AgentEvent.CargoSettled settled -> {
        scanned(turn);
        settled.units().forEach(unit -> seen(turn, unit));
        quiesced(turn);
      }
      case AgentEvent.ScanFailed failed -> {
        scanned(turn);
        turn.say(WARN, "looking for checkpoints failed, trying again", Map.of("why", failed.why()));
      }
      case AgentEvent.RestoreDone done -> JobRules.restored(turn, done);
      case AgentEvent.RestoreFailed failed -> JobRules.restoreFailed(turn, failed.why());
      case AgentEvent.UnitPruned pruned -> turn.report(new Report.Pruned(pruned.unit()));
      case AgentEvent.PruneFailed failed ->
          turn.report(new Report.OrderFailed(failed.orderId(), failed.why()));
      case AgentEvent.CarryDone done -> carried(turn, done.orderId());
      case AgentEvent.CarryFailed failed -> {
        carried(turn, failed.orderId());
        turn.report(new Report.OrderFailed(failed.orderId(), failed.why()));
      }
    }
  }

  /// What the clock asks of the cargo.
  static void keepUp(Turn turn) {
    if (!turn.chores.carrying() && !turn.memory.carries().isEmpty()) {
      turn.chores = turn.chores.withCarrying(true);
      turn.act(new Action.Carry(turn.memory.carries().getFirst()));
    }
    if (turn.chores.scanning()) {
      return;
    }
    boolean quiet = turn.notes().quiesceAsked() && !turn.job.busy();
    if (quiet && !turn.chores.catalogOpen()) {
      // Never given a job: there are no roots to look under.
      quiesced(turn);
    } else if (turn.now.monoMs() >= turn.chores.rescanAt() && (quiet || wantsRescan(turn))) {
      turn.chores = turn.chores.withScanning(true, turn.now.monoMs() + RESCAN_EVERY_MS);
      turn.act(quiet ? new Action.Settle() : new Action.Rescan());
    }
  }

  static long wakeAt(AgentState state) {
    boolean idle = state.chores().catalogOpen() && !state.chores().scanning();
    boolean quiet = state.memory().notes().quiesceAsked() && !state.job().busy();
    return idle && (quiet || hasRoom(state.outbox())) ? state.chores().rescanAt() : Long.MAX_VALUE;
  }

  private static boolean wantsRescan(Turn turn) {
    return turn.chores.catalogOpen() && hasRoom(turn.outbox());
  }

  private static boolean hasRoom(Outbox outbox) {
    return !outbox.full() && outbox.waiting() < MAX_WAITING;
  }

  private static void noticed(Turn turn, Report.Notice notice) {
    turn.say(WARN, notice.what(), Map.of("next", notice.next()));
    turn.report(notice);
  }

  private static void quiesced(Turn turn) {
    if (turn.job.busy() || !turn.notes().quiesceAsked()) {
      return;
    }
    turn.report(
        new Report.Quiesced(turn.self.boot(), turn.notes().position(), turn.memory.everStarted()));
  }

  private static void scanned(Turn turn) {
    turn.chores = turn.chores.withScanning(false, turn.chores.rescanAt());
  }

  /// Reports a unit once: the catalog tells again what it told an agent that died.
  private static void seen(Turn turn, Unit unit) {
    UnitId id = unit.id();
    if (id.boot() == turn.self.boot() && id.captureSeq() > turn.notes().position()) {
      turn.report(new Report.UnitSeen(unit));
      VigilRules.unitSeen(turn, unit);
    }
  }

  private static void carried(Turn turn, String orderId) {
    List<CarryOrder> left = new ArrayList<>(turn.memory.carries());
    left.removeIf(order -> order.orderId().equals(orderId));
    turn.memory = turn.memory.withCarries(left);
    turn.chores = turn.chores.withCarrying(false);
  }
}
