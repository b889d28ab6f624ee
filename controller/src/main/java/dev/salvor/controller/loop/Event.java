package dev.salvor.controller.loop;

import dev.salvor.common.unit.RunId;
import dev.salvor.controller.core.Bill;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.core.Poll;
import dev.salvor.controller.core.RentalRef;
import java.time.Instant;
import java.util.function.Consumer;

/// What reaches the loop: callbacks only enqueue these.
public sealed interface Event {

  /// Something happened to a run. The callback runs on the loop's thread once it is journaled.
  record Happened(RunId run, Fact fact, Runnable journaled) implements Event {
    public Happened(RunId run, Fact fact) {
      this(run, fact, () -> {});
    }
  }

  /// A frame came from an agent.
  record Heard(RunId run, RentalRef rental, Instant at) implements Event {}

  /// The provider was looked at.
  record Looked(Poll poll) implements Event {}

  /// The account was looked at.
  record Billed(Bill bill) implements Event {}

  /// Somebody wants to look at the runs, between two turns. The consumer returns at once.
  record Asked(Consumer<Runs> look) implements Event {}

  /// Time passed.
  record Tick() implements Event {}
}
