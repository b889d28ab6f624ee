package dev.salvor.controller.core;

import dev.salvor.common.checkpoint.UnitId;
import java.time.Duration;
import java.util.List;

/// What the controller tells an agent to do, beside copying.
public sealed interface AgentOrder {

  /// Start the job on what the disk holds.
  record Proceed() implements AgentOrder {}

  /// Bring this unit onto the box, then start the job from it.
  ///
  /// @param also units of the job's other series, brought along
  record ProceedFrom(UnitId unit, List<UnitId> also) implements AgentOrder {
    public ProceedFrom {
      also = List.copyOf(also);
    }
  }

  /// Once the job has ended: rescan, report, say quiesced.
  record Quiesce() implements AgentOrder {}

  /// End the job: SIGTERM, and SIGKILL after the grace.
  record StopJob(Duration grace) implements AgentOrder {}

  /// End a job that hangs, so that it can be started again.
  record StopHung(Duration grace) implements AgentOrder {}

  /// Ask the job for a checkpoint; the unit seen later is the answer.
  record AskCheckpoint() implements AgentOrder {}

  /// A newer generation runs: report and upload aside, run nothing.
  record Fence(String why) implements AgentOrder {}
}
