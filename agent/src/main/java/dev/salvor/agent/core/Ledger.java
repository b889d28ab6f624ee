package dev.salvor.agent.core;

import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.checkpoint.UnitId;
import dev.salvor.common.checkpoint.UnitKind;

/// What a spooled report changes in the memory.
final class Ledger {
  private Ledger() {}

  static Memory note(Memory memory, Report report) {
    BootNotes notes = memory.notes();
    return switch (report) {
      case Report.JobStarted started when current(memory, started.boot(), started.start()) ->
          memory.withNotes(notes.withStartReported().withProceeded(true)).withEverStarted();
      case Report.JobEnded ended when current(memory, ended.boot(), ended.start()) ->
          memory.withNotes(notes.withEndReported()).withJob(memory.job().withStalled(false));
      case Report.TaskDone done when !memory.job().tasksTold().contains(done.digest()) ->
          memory.withJob(memory.job().withTold(done.digest()));
      case Report.JobStalled stalled when current(memory, stalled.boot(), stalled.start()) ->
          memory.withJob(memory.job().withStalled(true));
      case Report.JobMoving moving when current(memory, moving.boot(), moving.start()) ->
          memory.withJob(memory.job().withStalled(false));
      case Report.UnitSeen seen -> noteUnit(memory, seen.unit());
      case Report.UnitRefused refused -> notePosition(memory, refused.unit());
      case Report.Quiesced quiesced when quiesced.boot() == notes.boot() ->
          memory.withNotes(notes.withQuiesceAsked(false).withHeld(true));
      case Report.JobStarted _, Report.JobEnded _, Report.Quiesced _ -> memory;
      case Report.TaskDone _, Report.JobStalled _, Report.JobMoving _ -> memory;
      case Report.Restored _,
          Report.RoomShort _,
          Report.Pruned _,
          Report.SelfStopped _,
          Report.GateRefused _,
          Report.OrderFailed _,
          Report.LogMatched _,
          Report.Notice _ ->
          memory;
    };
  }

  /// Of the start that the memory is at: a report of an earlier one may still wait in the spool.
  private static boolean current(Memory memory, int boot, int start) {
    return boot == memory.notes().boot() && start == memory.job().start();
  }

  private static Memory noteUnit(Memory memory, Unit unit) {
    Memory next = notePosition(memory, unit.id());
    return !next.equals(memory) && unit.kind() == UnitKind.CHECKPOINT
        ? next.withJob(next.job().withNewest(unit.manifest().root()))
        : next;
  }

  private static Memory notePosition(Memory memory, UnitId id) {
    BootNotes notes = memory.notes();
    return id.boot() == notes.boot() && id.captureSeq() > notes.position()
        ? memory.withNotes(notes.withPosition(id.captureSeq()))
        : memory;
  }
}
