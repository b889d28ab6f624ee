package dev.salvor.agent.core;

import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.checkpoint.UnitId;

/// An event the controller must learn of: kept on disk until it has.
public sealed interface Report {
  /// The job runs.
  ///
  /// @param start counts the starts of this boot from 1
  record JobStarted(int boot, long pid, boolean adopted, int start) implements Report {
    public JobStarted(int boot, long pid, boolean adopted) {
      this(boot, pid, adopted, 1);
    }
  }

  /// The job ended.
  record JobEnded(int boot, JobEnd end, int start) implements Report {
    public JobEnded(int boot, JobEnd end) {
      this(boot, end, 1);
    }
  }

  /// A task of the job's list has ended, well where the exit status is 0.
  record TaskDone(int boot, String digest, String text, int exit) implements Report {
    public TaskDone(int boot, String digest, String text) {
      this(boot, digest, text, 0);
    }
  }

  /// The job runs, and shows no sign of moving on.
  record JobStalled(int boot, int start, String why) implements Report {}

  /// It moves again.
  record JobMoving(int boot, int start) implements Report {}

  /// A line of its log fits a pattern that the controller wants to hear of.
  ///
  /// @param policy which of the patterns, counted from 1
  record LogMatched(int boot, int start, int policy, String line) implements Report {}

  /// A complete unit lies on the disk.
  record UnitSeen(Unit unit) implements Report {}

  /// A complete unit lies on the disk that cannot be told whole.
  record UnitRefused(UnitId unit, String root, String why) implements Report {}

  /// Nothing writes any more, and every unit up to the position was reported.
  record Quiesced(int boot, long position, boolean jobEverStarted) implements Report {}

  /// A disk will be full before the next checkpoint is, and nothing of ours is left to give.
  ///
  /// @param lack "bytes" or "inodes"
  record RoomShort(int boot, String place, String lack) implements Report {}

  /// The unit does not lie on the disk any more, as was ordered.
  record Pruned(UnitId unit) implements Report {}

  /// The unit lies on the disk, ready to resume from.
  record Restored(UnitId unit) implements Report {}

  /// The lease lapsed: the platform is asked to stop this box.
  record SelfStopped(int boot, String why) implements Report {}

  /// The box is not fit for its job, which was not started.
  ///
  /// @param everStarted whether one was started on this disk before
  record GateRefused(int boot, Gate.Refusal why, boolean everStarted) implements Report {}

  /// An order could not be carried out.
  record OrderFailed(String orderId, String why) implements Report {}

  /// Something that a person should know of and perhaps do something about. One key is told once.
  record Notice(String key, String what, String next) implements Report {}
}
