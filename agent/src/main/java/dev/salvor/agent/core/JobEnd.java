package dev.salvor.agent.core;

import java.util.List;

/// How a job came to its end.
///
/// @param exitCode as a shell says it: 128 + n for signal n
/// @param tail the last lines it printed, oldest first
public record JobEnd(long pid, int exitCode, Cause cause, List<String> tail) {
  public JobEnd {
    tail = List.copyOf(tail);
  }

  /// Why a job ended.
  public enum Cause {
    DONE("done"),
    USER_ERROR("user-error"),
    KILLED("killed"),
    OOM("oom"),
    DISK_FULL("disk-full"),
    STOPPED("stopped"),
    /// It was told to end since the box had spent what it may without a controller.
    LEASE("lease");

    private final String word;

    Cause(String word) {
      this.word = word;
    }

    /// As the controller reads it.
    public String word() {
      return word;
    }
  }
}
