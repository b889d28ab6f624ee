package dev.salvor.agent.job;

import dev.salvor.agent.core.Action.StopWhy;
import dev.salvor.agent.core.JobEnd;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// What is known when a job has ended, and what that says of the cause.
///
/// @param stopped why it was told to stop, if it was
/// @param oomKills by how much the cgroup's oom_kill counter rose while it ran
/// @param diskFull its disk has no room, or no inodes, right now
/// @param preparing it had not come further than what prepares the box
record Ending(
    int exitCode,
    Optional<StopWhy> stopped,
    long oomKills,
    boolean diskFull,
    boolean preparing,
    List<String> tail) {
  // A shell says 128 + n of a process that signal n ended.
  private static final int SIGNALLED = 128;
  private static final int MAX_SIGNAL = 64;
  private static final Pattern NO_SPACE =
      Pattern.compile("No space left on device|ENOSPC|Errno 28|Disk quota exceeded");

  /// The driver's words for a card that is gone or broken, and the Xids that say so (48: double-bit
  /// ECC, 79: off the bus, 95 and 140: memory errors that cannot be contained or repaired).
  private static final Pattern GPU_LOST =
      Pattern.compile(
          "GPU is lost|fallen off the bus|uncorrectable (?:NVLink|ECC) error|Unable to determine"
              + " the device handle|NVRM: Xid \\([^)]*\\): (?:48|79|95|140)\\b");

  private static final Pattern GPU_MEMORY =
      Pattern.compile(
          "CUDA out of memory|CUDA error: out of memory|CUDA_ERROR_OUT_OF_MEMORY"
              + "|cudaErrorMemoryAllocation|RESOURCE_EXHAUSTED: .*(?:GPU|allocat)");

  private static final Pattern CUDA_ERROR =
      Pattern.compile(
          "CUDA error|CUDA_ERROR_|cudaError|CUBLAS_STATUS_|CUDNN_STATUS_|device-side assert"
              + "|NCCL (?:error|failure)|ncclUnhandledCudaError|ncclSystemError");

  JobEnd.Cause cause() {
    if (exitCode == 0) {
      return JobEnd.Cause.DONE;
    }
    if (stopped.isPresent()) {
      return switch (stopped.get()) {
        case ORDERED -> JobEnd.Cause.STOPPED;
        case FENCED -> JobEnd.Cause.FENCED;
        case HUNG -> JobEnd.Cause.HUNG;
      };
    }
    if (oomKills > 0) {
      return JobEnd.Cause.OOM;
    }
    if (diskFull && says(NO_SPACE)) {
      return JobEnd.Cause.DISK_FULL;
    }
    if (preparing) {
      return JobEnd.Cause.SETUP_FAILED;
    }
    return byItsWords();
  }

  private JobEnd.Cause byItsWords() {
    if (says(GPU_LOST)) {
      return JobEnd.Cause.GPU_LOST;
    }
    if (says(GPU_MEMORY)) {
      return JobEnd.Cause.GPU_MEMORY;
    }
    if (says(CUDA_ERROR)) {
      return JobEnd.Cause.CUDA_ERROR;
    }
    boolean signalled = exitCode > SIGNALLED && exitCode <= SIGNALLED + MAX_SIGNAL;
    return signalled ? JobEnd.Cause.KILLED : JobEnd.Cause.USER_ERROR;
  }

  private boolean says(Pattern words) {
    return tail.stream().anyMatch(line -> words.matcher(line).find());
  }
}
