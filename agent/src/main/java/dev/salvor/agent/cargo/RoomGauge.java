package dev.salvor.agent.cargo;

import java.io.IOException;
import java.nio.file.Path;

/// How full the file system below a path is.
@FunctionalInterface
public interface RoomGauge {
  Level of(Path path) throws IOException;

  /// What it has and what is free; inodes are 0 where it does not count them.
  record Level(long totalBytes, long freeBytes, long inodes, long freeInodes) {}
}
