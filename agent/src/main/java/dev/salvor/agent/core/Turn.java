package dev.salvor.agent.core;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The working copy of one step: rules change it, and what they want done is gathered in the order
/// that keeps promises (spool, then memory, then the world).
final class Turn {
  final Moment now;
  final Self self;
  Memory memory;
  LinkPhase link;
  JobPhase job;
  Jitter jitter;
  Chores chores;
  LeaseClock lease;
  Vigil vigil;
  RoomWatch room;

  private final Memory memoryBefore;
  private Outbox outbox;
  private final List<Action> spooled = new ArrayList<>();
  private final List<Action> effects = new ArrayList<>();

  Turn(AgentState state, Moment now) {
    this.now = now;
    this.self = state.self();
    this.memory = state.memory();
    this.memoryBefore = state.memory();
    this.link = state.link();
    this.job = state.job();
    this.jitter = state.jitter();
    this.chores = state.chores();
    this.lease = state.lease();
    this.vigil = state.vigil();
    this.room = state.room();
    this.outbox = state.outbox();
  }

  Outbox outbox() {
    return outbox;
  }

  /// Spools a report and notes what it means.
  void report(Report report) {
    outbox = outbox.spooled();
    spooled.add(new Action.Spool(outbox.lastSeq(), now.wallMs(), report));
    memory = Ledger.note(memory, report);
  }

  void acknowledged(long seq) {
    if (seq > outbox.ackedSeq()) {
      outbox = outbox.acknowledged(seq);
      effects.add(new Action.Trim(seq));
    }
  }

  void spoolIs(boolean full) {
    outbox = outbox.withFull(full);
  }

  void act(Action action) {
    effects.add(action);
  }

  void say(Action.Say.Level level, String message, Map<String, String> facts) {
    effects.add(new Action.Say(level, message, facts));
  }

  BootNotes notes() {
    return memory.notes();
  }

  void note(BootNotes notes) {
    memory = memory.withNotes(notes);
  }

  long dice(long bound) {
    long rolled = jitter.below(bound);
    jitter = jitter.next();
    return rolled;
  }

  Step done() {
    List<Action> actions = new ArrayList<>(spooled);
    if (!memory.equals(memoryBefore)) {
      actions.add(new Action.Save(memory));
    }
    actions.addAll(effects);
    if (!spooled.isEmpty() && link instanceof LinkPhase.Up) {
      actions.add(new Action.Wake());
    }
    AgentState state =
        new AgentState(self, memory, link, job, outbox, jitter, chores, lease, vigil, room);
    return new Step(state, actions);
  }
}
