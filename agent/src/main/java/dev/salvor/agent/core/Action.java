package dev.salvor.agent.core;

import dev.salvor.common.checkpoint.UnitId;
import dev.salvor.common.telemetry.Reading;
import java.util.List;
import java.util.Map;

/// Something the loop must do, in the order given. None blocks the loop.
public sealed interface Action {
  /// Write this report to the spool, durably, before anything that follows.
  record Spool(long seq, long atMs, Report report) implements Action {}

  /// Write the memory, durably, before anything that follows.
  record Save(Memory memory) implements Action {}

  /// Forget spooled reports up to there.
  record Trim(long seq) implements Action {}

  /// Say so in the log: what, and its facts.
  record Say(Level level, String message, Map<String, String> facts) implements Action {
    public Say {
      facts = Map.copyOf(facts);
    }

    /// How loud.
    public enum Level {
      INFO,
      WARN,
      ERROR
    }
  }

  /// End this process; the job stays.
  record Exit(int code) implements Action {}

  /// What the link does.
  sealed interface ForLink extends Action {}

  /// Dial; `attempt` counts from 0 and picks the endpoint.
  record Dial(Hello hello, int attempt) implements ForLink {}

  /// The first frame of a stream.
  record Hello(Self self, boolean jobRunning, boolean proceeded) {}

  /// Give the stream up.
  record HangUp(String why) implements ForLink {}

  /// Send spooled reports after that one, in order, and those to come.
  record SendAfter(long seq) implements ForLink {}

  /// More reports were spooled.
  record Wake() implements ForLink {}

  /// Tell the controller that this agent lives.
  record Beat(Progress progress, boolean jobRunning) implements ForLink {}

  /// Send readings, if the link has room.
  record SendReadings(List<Reading> readings) implements ForLink {}

  /// Send lines of the job's log, if the link has room.
  record SendLog(long source, long first, List<String> lines) implements ForLink {
    public SendLog {
      lines = List.copyOf(lines);
    }
  }

  /// Say goodbye and close.
  record Goodbye(String why) implements ForLink {}

  /// What the shim does.
  sealed interface ForJob extends Action {}

  /// Look whether the job of this boot's newest start runs or ran.
  record FindJob(int start, JobCare care) implements ForJob {}

  /// Start it; `resume` is empty or the absolute path of the unit to go on from.
  ///
  /// @param start number of this start on its boot, from 1: one number is started once
  record StartJob(JobSpec job, String resume, int start) implements ForJob {}

  /// SIGTERM, then SIGKILL after the grace.
  record StopJob(int graceMs, StopWhy why) implements ForJob {
    public StopJob(int graceMs) {
      this(graceMs, StopWhy.ORDERED);
    }
  }

  /// Why a job is stopped: its end is told so.
  enum StopWhy {
    ORDERED,
    FENCED,
    HUNG
  }

  /// Ask the job for a checkpoint, by what it listens to.
  record AskCheckpoint(JobCare.Listens by) implements ForJob {}

  /// Read out the log: the last lines now, and what comes for a while.
  record TailLog(int lines, int forMs) implements ForJob {}

  /// What the cargo's workers do.
  sealed interface ForCargo extends Action {}

  /// From now on look for cargo below this job's roots.
  ///
  /// @param told the highest capture sequence of this boot that was reported
  record OpenCatalog(JobSpec job, long told) implements ForCargo {}

  /// Look for units that are complete.
  record Rescan() implements ForCargo {}

  /// The job has ended: find everything that is left.
  record Settle() implements ForCargo {}

  /// See how full the disks are that the job writes to.
  record LookForRoom() implements ForCargo {}

  /// Take off a disk what may go.
  record MakeRoom(String place, Relief relief) implements ForCargo {}

  /// Remove this unit, which is home, from the disk, while each of the others lies there.
  record Prune(String orderId, UnitId unit, List<UnitId> stays) implements ForCargo {
    public Prune {
      stays = List.copyOf(stays);
    }
  }

  /// Run the carry process for this unit.
  record Carry(CarryOrder order) implements ForCargo {}

  /// Bring this unit onto the box.
  ///
  /// @param also brought first; the job goes on from `unit`
  record Restore(UnitId unit, List<UnitId> also) implements ForCargo {
    public Restore {
      also = List.copyOf(also);
    }
  }

  /// Tell the platform to stop this box, by its own key. Its disk is kept.
  record StopRental() implements Action {}

  /// See whether this box is fit for the job.
  ///
  /// @param fresh no job ever started on this disk
  /// @param faults that its cards had on this boot
  record RunGate(JobSpec job, boolean fresh, GpuFaults faults) implements Action {}

  /// Run the probes.
  record TakeReadings() implements Action {}
}
