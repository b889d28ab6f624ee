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
    /// What runs before the job failed; the job itself never began.
    SETUP_FAILED("setup-failed"),
    KILLED("killed"),
    /// The kernel killed something of it for memory.
    OOM("oom"),
    DISK_FULL("disk-full"),
    /// It asked for more of the GPU's memory than there was.
    GPU_MEMORY("gpu-memory"),
    CUDA_ERROR("cuda-error"),
    /// The GPU itself failed.
    GPU_LOST("gpu-lost"),
    STOPPED("stopped"),
    /// Stopped because a newer generation is current.
    FENCED("fenced"),
    /// Stopped because it hung.
    HUNG("hung"),
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
