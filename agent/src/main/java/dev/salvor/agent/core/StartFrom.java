package dev.salvor.agent.core;

import dev.salvor.common.checkpoint.UnitId;

/// What a job starts on.
public sealed interface StartFrom {
  /// What the disk holds, be it nothing.
  record Disk() implements StartFrom {}

  /// A unit that is brought onto the box first.
  record Unit(UnitId id) implements StartFrom {}
}
