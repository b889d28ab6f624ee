package dev.salvor.agent.core;

import dev.salvor.common.checkpoint.UnitId;

/// What a spooled report changes in the memory.
final class Ledger {
  private Ledger() {}

  static Memory note(Memory memory, Report report) {
    BootNotes notes = memory.notes();
    return switch (report) {
      case Report.JobStarted started when started.boot() == notes.boot() ->
          memory.withNotes(notes.withStartReported().withProceeded(true)).withEverStarted();
      case Report.JobEnded ended when ended.boot() == notes.boot() ->
          memory.withNotes(notes.withEndReported());
      case Report.UnitSeen seen -> noteUnit(memory, seen.unit().id());
      case Report.Quiesced quiesced when quiesced.boot() == notes.boot() ->
          memory.withNotes(notes.withQuiesceAsked(false).withHeld(true));
      case Report.JobStarted _, Report.JobEnded _, Report.Quiesced _ -> memory;
      case Report.Restored _, Report.SelfStopped _, Report.OrderFailed _, Report.Notice _ -> memory;
    };
  }

  private static Memory noteUnit(Memory memory, UnitId id) {
    BootNotes notes = memory.notes();
    if (id.boot() != notes.boot() || id.captureSeq() <= notes.position()) {
      return memory;
    }
    return memory.withNotes(notes.withPosition(id.captureSeq()));
  }
}
