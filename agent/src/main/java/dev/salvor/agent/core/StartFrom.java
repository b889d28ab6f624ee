package dev.salvor.agent.core;

import dev.salvor.common.checkpoint.UnitId;
import java.util.List;

/// What a job starts on.
public sealed interface StartFrom {
  /// What the disk holds, be it nothing.
  record Disk() implements StartFrom {}

  /// A unit that is brought onto the box first.
  ///
  /// @param also what the job keeps beside it, brought along
  record Unit(UnitId id, List<UnitId> also) implements StartFrom {
    public Unit {
      also = List.copyOf(also);
    }
  }
}
