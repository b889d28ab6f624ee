package dev.salvor.controller.intake;

import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.unit.RunId;
import dev.salvor.common.unit.Secret;
import dev.salvor.controller.core.AgentOrder;
import dev.salvor.controller.core.Outcome;
import dev.salvor.controller.core.PrunePermit;
import dev.salvor.controller.core.RunSpec;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The boxes that are connected now, to be told something. Never blocks.
public interface Berths {

  /// Done when written to the live stream of that boot; Failed and retryable when there is none.
  ///
  /// @param effect the order's id: the box does an order it knows once
  /// @param papers what a proceed starts
  Outcome tell(Berth berth, long effect, AgentOrder order, Papers papers);

  /// Tells the box, at the permit's boot, to remove a checkpoint from its disk.
  Outcome prune(RunId run, long effect, PrunePermit permit);

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
  /// @param gate what the box must be
  record Papers(
      RunSpec.Job job, Set<String> tasksDone, Map<String, Secret> secrets, Optional<Gate> gate) {
    public Papers {
      tasksDone = Set.copyOf(tasksDone);
      secrets = Map.copyOf(secrets);
    }

    public static Papers of(RunSpec.Job job) {
      return new Papers(job, Set.of(), Map.of(), Optional.empty());
    }
  }

  /// What a box must be before the job starts on it.
  ///
  /// @param command the user's own; "" for none
  /// @param gpus that were rented; 0 where the box need not have any
  /// @param gpu their model, as the platform calls it; ""
  /// @param cuda the image's, by its name; ""
  /// @param diskBytes that were rented; 0 where they need not be there
  /// @param neededBytes that the job will write on a new disk before long; 0 where nobody knows
  record Gate(
      String command, int gpus, String gpu, String cuda, long diskBytes, long neededBytes) {}

  /// One boot of one rental.
  record Berth(Caller caller, int boot) {}
}
