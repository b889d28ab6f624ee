package dev.salvor.controller.intake;

import java.util.ArrayDeque;
import java.util.Deque;

/// Which events of one boot came, and up to which all of them are done: only so far may the box
/// forget them.
final class Ledger {
  private final int boot;
  private final String bootId;
  private final Deque<Event> pending = new ArrayDeque<>();
  private long taken;
  private boolean spoilt;
  private long done;

  /// @param done the highest event known to be journaled
  Ledger(int boot, String bootId, long done) {
    this.boot = boot;
    this.bootId = bootId;
    this.taken = done;
    this.done = done;
  }

  boolean isOf(int boot, String bootId) {
    return this.boot == boot && this.bootId.equals(bootId);
  }

  /// Notes an event.
  ///
  /// @return whether it is new; a replayed one is not to be handed on again
  synchronized boolean take(long seq) {
    if (seq <= taken) {
      return false;
    }
    taken = seq;
    pending.addLast(new Event(seq));
    return true;
  }

  /// This one is journaled, or was dropped for good.
  ///
  /// @return up to where everything is done
  synchronized long done(long seq) {
    for (Event event : pending) {
      if (event.seq == seq) {
        event.done = true;
      }
    }
    while (!pending.isEmpty() && pending.getFirst().done) {
      done = pending.removeFirst().seq;
    }
    return done;
  }

  synchronized long done() {
    return done;
  }

  /// A unit that the box reported is not known here: it must not count as safe.
  synchronized void spoil() {
    spoilt = true;
  }

  synchronized boolean isSpoilt() {
    return spoilt;
  }

  /// How many events wait for the journal.
  synchronized int waiting() {
    return pending.size();
  }

  /// An event that came.
  private static final class Event {
    private final long seq;
    private boolean done;

    Event(long seq) {
      this.seq = seq;
    }
  }
}
