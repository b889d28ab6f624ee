package dev.salvor.agent.core;

/// All that the agent's core knows.
public record AgentState(
    Self self,
    Memory memory,
    LinkPhase link,
    JobPhase job,
    Outbox outbox,
    Jitter jitter,
    Chores chores,
    LeaseClock lease,
    Vigil vigil,
    RoomWatch room) {

  /// As the agent comes up: from its memory, and from what the spool still holds, which may be one
  /// write ahead of the memory.
  public static AgentState restored(
      Self self, Memory remembered, Spooled spooled, Jitter jitter, Moment now) {
    Memory memory = remembered.atBoot(self.boot());
    for (Report report : spooled.waiting()) {
      memory = Ledger.note(memory, report);
    }
    return new AgentState(
        self,
        memory,
        new LinkPhase.Down(now.monoMs(), 0),
        new JobPhase.Unknown(),
        spooled.outbox(),
        jitter,
        new Chores(now.monoMs(), now.monoMs(), now.monoMs(), false, false, false, false),
        LeaseClock.restored(memory.lease(), now, remembered.notes().boot() != self.boot()),
        Vigil.from(now.monoMs()),
        RoomWatch.from(now.monoMs()));
  }

  /// What the spool held when the agent came up.
  ///
  /// @param waiting gone through once, in order, one in memory at a time
  public record Spooled(Outbox outbox, Iterable<Report> waiting) {}
}
