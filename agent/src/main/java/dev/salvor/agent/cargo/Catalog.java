package dev.salvor.agent.cargo;

import dev.salvor.agent.core.Need;
import dev.salvor.agent.core.Report;
import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.checkpoint.UnitId;
import java.io.IOException;
import java.util.List;

/// What finds cargo on the box's disk. Called from one thread. Capture sequences rise within a boot
/// and survive a restart of the agent.
public interface Catalog extends AutoCloseable {
  /// Complete units not told before, oldest first; cheap. Calling again says that what was told is
  /// kept: what was not is told again after a restart, under the same id.
  List<Unit> rescan() throws IOException;

  /// What the last look could not take in, and why.
  List<String> odd();

  /// After the job has ended, until there is no more: everything complete that was not told before,
  /// results included.
  Settled settle() throws IOException;

  /// What was told last could not be kept, and is told again.
  void takeBack();

  /// What a person should know of, since the last time this was asked.
  List<Report.Notice> notices();

  /// Room that the next checkpoint will want. Any thread may ask.
  Need need();

  /// The unit is off the box: nothing needs to hold it here any more.
  void copied(UnitId unit) throws IOException;

  /// Removes a unit that is home from the disk, while each of the others lies there; throws, with
  /// the reason, if it stays.
  void prune(UnitId unit, List<UnitId> stays) throws IOException;

  @Override
  void close() throws IOException;

  /// Some of what a job left.
  record Settled(List<Unit> units, boolean more) {
    public Settled {
      units = List.copyOf(units);
    }
  }
}
