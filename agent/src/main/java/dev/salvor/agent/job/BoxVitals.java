package dev.salvor.agent.job;

import dev.salvor.common.telemetry.CgroupMemory;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/// The two facts about the box that tell a job's death apart: OOM kills and a full disk.
final class BoxVitals {
  /// Less room than this fails the next write of anything real.
  private static final long NO_ROOM_BYTES = 16L << 20;

  private static final List<String> EVENT_FILES =
      List.of("sys/fs/cgroup/memory.events", "sys/fs/cgroup/memory/memory.oom_control");

  private BoxVitals() {}

  /// The container's oom_kill counter, by either cgroup version; 0 where none is to be had.
  static long oomKills(Path root) {
    for (String file : EVENT_FILES) {
      OptionalLong count = field(root.resolve(file));
      if (count.isPresent()) {
        return count.getAsLong();
      }
    }
    return 0;
  }

  /// Whether a directory has no room left, in bytes or in inodes.
  static boolean full(Path directory) {
    try {
      FileStore store = Files.getFileStore(directory);
      if (store.getUsableSpace() < NO_ROOM_BYTES) {
        return true;
      }
      Files.delete(Files.createTempFile(directory, ".salvor", ".probe"));
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  private static OptionalLong field(Path file) {
    try {
      return CgroupMemory.field(Files.readString(file), "oom_kill");
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }
}
