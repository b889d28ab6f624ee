package dev.salvor.agent.job;

import dev.salvor.agent.core.JobEnd;
import java.util.List;

/// What is known when a job has ended, and what that says of the cause.
///
/// @param stopOrdered it was told to stop by order
/// @param oomKills by how much the cgroup's oom_kill counter rose while it ran
/// @param diskFull its disk has no room, or no inodes, right now
record Ending(
    int exitCode, boolean stopOrdered, long oomKills, boolean diskFull, List<String> tail) {
  // A shell says 128 + n of a process that signal n ended.
  private static final int SIGNALLED = 128;
  private static final int MAX_SIGNAL = 64;
  private static final List<String> NO_SPACE =
      List.of("No space left on device", "ENOSPC", "Errno 28", "Disk quota exceeded");

  JobEnd.Cause cause() {
    if (exitCode == 0) {
      return JobEnd.Cause.DONE;
    }
    if (stopOrdered) {
      return JobEnd.Cause.STOPPED;
    }
    if (oomKills > 0) {
      return JobEnd.Cause.OOM;
    }
    if (diskFull && tail.stream().anyMatch(Ending::namesNoSpace)) {
      return JobEnd.Cause.DISK_FULL;
    }
    boolean signalled = exitCode > SIGNALLED && exitCode <= SIGNALLED + MAX_SIGNAL;
    return signalled ? JobEnd.Cause.KILLED : JobEnd.Cause.USER_ERROR;
  }

  private static boolean namesNoSpace(String line) {
    return NO_SPACE.stream().anyMatch(line::contains);
  }
}
