package dev.salvor.controller.core;

/// How a job ended, in words, and what its user can do about it.
public final class EndWords {
  private static final int SIGNALLED = 128;
  private static final String[] SIGNALS = {
    "", "SIGHUP", "SIGINT", "SIGQUIT", "SIGILL", "SIGTRAP", "SIGABRT", "SIGBUS", "SIGFPE",
    "SIGKILL", "SIGUSR1", "SIGSEGV", "SIGUSR2", "SIGPIPE", "SIGALRM", "SIGTERM"
  };

  private EndWords() {}

  /// "exit status 137 (killed): ended by SIGKILL".
  public static String what(int exitCode, String cause) {
    String said = "exit status %d (%s)".formatted(exitCode, cause);
    String meaning = meaning(exitCode, cause);
    return meaning.isEmpty() ? said : said + ": " + meaning;
  }

  private static String meaning(int exitCode, String cause) {
    return switch (cause) {
      case "oom" -> "the kernel killed something of it for memory";
      case "disk-full" -> "its disk has no room left, in bytes or in inodes";
      case "gpu-memory" -> "it asked for more of the GPU's memory than there is";
      case "cuda-error" -> "CUDA gave up on it";
      case "gpu-lost" -> "the GPU itself failed";
      case "setup-failed" -> "a command that prepares the box failed, and the job never began";
      case "stopped" -> "it was told to stop";
      case "fenced" -> "it was stopped, since a newer generation of the run is current";
      case "hung" -> "it was stopped, since it no longer moved";
      case "killed" -> signal(exitCode);
      // The job's own words follow, and a box that is newer than us has its own.
      default -> "";
    };
  }

  private static String signal(int exitCode) {
    int number = exitCode - SIGNALLED;
    return number > 0 && number < SIGNALS.length
        ? "ended by " + SIGNALS[number]
        : "ended by a signal";
  }

  /// What to do; empty where the job's own words say it best.
  public static String next(int exitCode, String cause) {
    return switch (cause) {
      case "oom" ->
          "Give it more memory, or fewer and smaller workers: the limit is the container's, not"
              + " the host's.";
      case "disk-full" -> "Rent more disk, keep fewer checkpoints, or name scratch that may go.";
      case "gpu-memory" ->
          "Take a smaller batch or a larger GPU; PYTORCH_CUDA_ALLOC_CONF=expandable_segments:True"
              + " helps against fragments.";
      case "cuda-error" ->
          "CUDA_LAUNCH_BLOCKING=1 shows the call that fails. If the same code runs elsewhere, take"
              + " another machine.";
      case "gpu-lost" -> "Run it again: another machine is taken.";
      case "setup-failed" -> "Mend the command; its last lines say what failed.";
      case "killed" ->
          exitCode == SIGNALLED + 7
              ? "A bus error is most often a full /dev/shm: fewer workers."
              : "";
      default -> "";
    };
  }
}
