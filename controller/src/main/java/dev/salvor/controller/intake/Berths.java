package dev.salvor.controller.intake;

import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.unit.Secret;
import dev.salvor.controller.core.AgentOrder;
import dev.salvor.controller.core.Outcome;
import dev.salvor.controller.core.RunSpec;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

/// The boxes that are connected now, to be told something. Never blocks.
public interface Berths {

  /// Done when written to the live stream of that boot; Failed and retryable when there is none.
  ///
  /// @param effect the order's id: the box does an order it knows once
  /// @param papers what a proceed starts
  Outcome tell(Berth berth, long effect, AgentOrder order, Papers papers);

  /// Tells the box, at whatever boot, to copy the unit out.
  Outcome carryOut(Caller caller, long effect, Unit unit);

  /// Asks the box to read out its job's log: the last lines, and what comes for a while.
  ///
  /// @return whether it was asked: its stream is open and takes it
  boolean wantLog(Caller caller, int tail, Duration during);

  /// Whether a stream of this box is open.
  boolean connected(Caller caller);

  /// Ends the box's stream, if it has one; whether it may come back its identity decides.
  void cut(Caller caller, String why);

  /// A job as a box is told of it.
  ///
  /// @param tasksDone digests of its tasks that are done already
  /// @param secrets the user's, by name: they go to the box, and nowhere else
  record Papers(RunSpec.Job job, Set<String> tasksDone, Map<String, Secret> secrets) {
    public Papers {
      tasksDone = Set.copyOf(tasksDone);
      secrets = Map.copyOf(secrets);
    }

    public static Papers of(RunSpec.Job job) {
      return new Papers(job, Set.of(), Map.of());
    }
  }

  /// One boot of one rental.
  record Berth(Caller caller, int boot) {}
}
