package dev.salvor.agent.core;

import dev.salvor.common.checkpoint.UnitId;
import java.util.List;

/// Something the controller wants done. An id seen before is not carried out twice.
public record Order(String id, What what) {
  /// The longest id taken: ids are kept on disk.
  static final int MAX_ID_CHARS = 200;

  public Order {
    if (id.isEmpty() || id.length() > MAX_ID_CHARS) {
      throw new IllegalArgumentException("An order's id has 1 to 200 characters: " + id.length());
    }
  }

  /// The kinds of order.
  public sealed interface What {}

  /// Start the job, after a restore if a unit is named.
  public record Proceed(JobSpec job, StartFrom from) implements What {}

  /// Copy this unit out now.
  public record CarryOut(UnitId unit) implements What {}

  /// Remove this unit, which is home, from the disk, while each of the others lies there.
  public record Prune(UnitId unit, List<UnitId> stays) implements What {
    public Prune {
      stays = List.copyOf(stays);
    }
  }

  /// Once the job has ended: rescan, report, say so.
  public record Quiesce() implements What {}

  /// SIGTERM, then SIGKILL after the grace.
  ///
  /// @param hung it hangs, and its end is told so
  public record StopJob(int graceMs, boolean hung) implements What {
    public StopJob(int graceMs) {
      this(graceMs, false);
    }
  }

  /// Ask the job for a checkpoint; the unit seen later is the answer.
  public record AskCheckpoint() implements What {}

  /// A newer generation is current: no job here.
  public record Fenced(String why) implements What {}
}
