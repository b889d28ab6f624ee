package dev.salvor.agent.core;

import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.checkpoint.UnitId;
import dev.salvor.common.telemetry.Reading;
import java.util.List;

/// Something that happened to the agent, or a clock that ran out.
public sealed interface AgentEvent {
  /// The loop runs; the first event.
  record Started() implements AgentEvent {}

  /// A moment that the core asked to be woken at has come.
  record Tick() implements AgentEvent {}

  /// This process was told to end; the job is not.
  record Terminated(String why) implements AgentEvent {}

  /// The spool has no more room for units, or has some again.
  record SpoolFilled(boolean full) implements AgentEvent {}

  /// What the link says.
  sealed interface FromLink extends AgentEvent {}

  /// The controller took the stream, and has every report up to there.
  record Welcomed(long ttlMs, long ackedSeq) implements FromLink {}

  /// The controller heard a beat. Both times are of its clock, ms since the epoch; 0 for no lease.
  ///
  /// @param unattendedMs how long the box may stay up without a job; 0 for as long as the lease
  /// @param startsAlone whether a box that came back may start its job without an order
  record BeatHeard(
      long ttlMs, long leaseUntilMs, long controllerTimeMs, long unattendedMs, boolean startsAlone)
      implements FromLink {
    /// Of a controller that leaves the rest to the box.
    public BeatHeard(long ttlMs, long leaseUntilMs, long controllerTimeMs) {
      this(ttlMs, leaseUntilMs, controllerTimeMs, 0, true);
    }
  }

  /// The controller has every report up to there.
  record Acknowledged(long seq) implements FromLink {}

  /// The controller wants something.
  record Ordered(Order order) implements FromLink {}

  /// Somebody looks at the job's log.
  record LogWanted(int tail, int forMs) implements FromLink {}

  /// No stream, or no more.
  record LinkLost(String why) implements FromLink {}

  /// The controller will never take this identity.
  record LinkRefused(String why) implements FromLink {}

  /// What the shim says.
  sealed interface FromJob extends AgentEvent {}

  /// The job runs; `adopted` when it ran before this agent came up.
  ///
  /// @param start which start of this boot it is
  record JobUp(long pid, boolean adopted, int start) implements FromJob {
    public JobUp(long pid, boolean adopted) {
      this(pid, adopted, 1);
    }
  }

  /// No job of this boot's newest start runs or ran.
  record JobAbsent() implements FromJob {}

  /// It could not be started.
  record JobRefused(String why) implements FromJob {}

  /// Its log went on.
  record JobProgressed(Progress progress) implements FromJob {}

  /// It ended, and nothing of it runs any more.
  record JobOver(JobEnd end, int start) implements FromJob {
    public JobOver(JobEnd end) {
      this(end, 1);
    }
  }

  /// A task of its list has ended, and the list goes on. May be told again.
  ///
  /// @param exit 0 where it ended well
  record TaskFinished(String digest, String text, int exit) implements FromJob {
    public TaskFinished(String digest, String text) {
      this(digest, text, 0);
    }
  }

  /// A line of its log fits a pattern that the controller wants to hear of.
  ///
  /// @param policy which of the patterns, counted from 1
  record LogMatched(int start, int policy, String line) implements FromJob {}

  /// It has used so much processor time, and has so many threads; told now and then while it runs.
  record JobPulse(long cpuMs, int threads) implements FromJob {
    public JobPulse(long cpuMs) {
      this(cpuMs, 0);
    }
  }

  /// It could not be asked for a checkpoint.
  record AskFailed(String why) implements FromJob {}

  /// Lines of its log, for whoever looks at it.
  record LogRead(long source, long first, List<String> lines) implements FromJob {
    public LogRead {
      lines = List.copyOf(lines);
    }
  }

  /// What the cargo's workers say.
  sealed interface FromCargo extends AgentEvent {}

  /// A rescan ended; capture sequences rise.
  record UnitsFound(List<Unit> units) implements FromCargo {
    public UnitsFound {
      units = List.copyOf(units);
    }
  }

  /// The rescan after the job's end is done.
  record CargoSettled(List<Unit> units) implements FromCargo {
    public CargoSettled {
      units = List.copyOf(units);
    }
  }

  /// A rescan failed; it is tried again.
  record ScanFailed(String why) implements FromCargo {}

  /// The unit lies on the disk; `root` is where, absolute.
  record RestoreDone(UnitId unit, String root) implements FromCargo {}

  /// A restore failed.
  record RestoreFailed(String why) implements FromCargo {}

  /// The catalog met with what a person should know of.
  record Noticed(List<Report.Notice> notices) implements FromCargo {
    public Noticed {
      notices = List.copyOf(notices);
    }
  }

  /// How full the disks are; none of them where that cannot be seen, with why.
  record RoomSeen(List<Disk> disks, Need need, String why) implements FromCargo {
    public RoomSeen {
      disks = List.copyOf(disks);
    }
  }

  /// A relief was carried out; what it gave back, in words.
  record RoomMade(String place, Relief relief, String gave) implements FromCargo {}

  /// A unit was removed by order.
  record UnitPruned(UnitId unit) implements FromCargo {}

  /// It stays.
  record PruneFailed(String orderId, String why) implements FromCargo {}

  /// A carry process ended well.
  record CarryDone(String orderId) implements FromCargo {}

  /// A carry process ended badly.
  record CarryFailed(String orderId, String why) implements FromCargo {}

  /// What the platform says.
  sealed interface FromPlatform extends AgentEvent {}

  /// It took the order to stop this box.
  record RentalStopped() implements FromPlatform {}

  /// It did not.
  record RentalNotStopped(String why) implements FromPlatform {}

  /// The box is fit for its job; what was seen, in words.
  record GatePassed(String seen) implements AgentEvent {}

  /// It is not.
  record GateFailed(Gate.Refusal why) implements AgentEvent {}

  /// The probes have looked.
  ///
  /// @param readings everything that is known now
  /// @param news what the controller may not know yet
  record ReadingsTaken(List<Reading> readings, List<Reading> news) implements AgentEvent {
    public ReadingsTaken {
      readings = List.copyOf(readings);
      news = List.copyOf(news);
    }
  }
}
