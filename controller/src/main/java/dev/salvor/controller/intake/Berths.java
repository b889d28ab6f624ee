package dev.salvor.controller.intake;

import dev.salvor.common.checkpoint.Unit;
import dev.salvor.controller.core.AgentOrder;
import dev.salvor.controller.core.Outcome;
import dev.salvor.controller.core.RunSpec;

/// The boxes that are connected now, to be told something. Never blocks.
public interface Berths {

  /// Done when written to the live stream of that boot; Failed and retryable when there is none.
  ///
  /// @param effect the order's id: the box does an order it knows once
  /// @param job what a proceed starts
  Outcome tell(Berth berth, long effect, AgentOrder order, RunSpec.Job job);

  /// Tells the box, at whatever boot, to copy the unit out.
  Outcome carryOut(Caller caller, long effect, Unit unit);

  /// Whether a stream of this box is open.
  boolean connected(Caller caller);

  /// Ends the box's stream, if it has one; whether it may come back its identity decides.
  void cut(Caller caller, String why);

  /// One boot of one rental.
  record Berth(Caller caller, int boot) {}
}
