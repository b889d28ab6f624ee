package dev.salvor.controller.core;

import dev.salvor.common.unit.RunId;
import dev.salvor.common.unit.Usd;
import dev.salvor.common.unit.UsdPerHour;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// What the user asked for.
public record RunSpec(RunId run, Job job, Market market, Finish finish, Usd budget) {

  /// The command to carry to its end, and where it leaves what matters (absolute paths on the box).
  public record Job(
      String command,
      String workdir,
      Map<String, String> env,
      List<String> checkpointRoots,
      List<String> resultRoots,
      Care care) {
    public Job {
      env = Map.copyOf(env);
      checkpointRoots = List.copyOf(checkpointRoots);
      resultRoots = List.copyOf(resultRoots);
    }

    /// Just a command.
    public Job(
        String command,
        String workdir,
        Map<String, String> env,
        List<String> checkpointRoots,
        List<String> resultRoots) {
      this(command, workdir, env, checkpointRoots, resultRoots, Care.NONE);
    }
  }

  /// How the job is looked after, beside running its command.
  ///
  /// @param tasks run in order instead of the command; each that ended well is not run again
  /// @param envFirst run before the job, once a disk
  /// @param envResume run before the job, on each later boot of a disk
  /// @param listens how it is asked for a checkpoint: "", "SIGUSR1", "file:/absolute/path"
  /// @param scratch globs below the job's roots that may go when the disk is short
  /// @param secrets names of the user's secrets; what they are is kept elsewhere
  /// @param checkpointEvery how often a checkpoint is worth its while; zero where nobody said
  public record Care(
      List<String> tasks,
      List<String> envFirst,
      List<String> envResume,
      String listens,
      List<String> scratch,
      List<String> secrets,
      Duration checkpointEvery) {
    public static final Care NONE =
        new Care(List.of(), List.of(), List.of(), "", List.of(), List.of(), Duration.ZERO);

    public Care {
      tasks = List.copyOf(tasks);
      envFirst = List.copyOf(envFirst);
      envResume = List.copyOf(envResume);
      scratch = List.copyOf(scratch);
      secrets = List.copyOf(secrets);
    }
  }

  /// Which machines will do, in the platform's query words, and what they may cost.
  ///
  /// @param query as typed, "gpu_name=RTX_4090 reliability>0.98"
  /// @param diskGb disk to rent in GB; fixed for the rental's life
  /// @param interruptible a bid, cheaper and outbid without notice; otherwise on demand
  /// @param cap the most an hour of one machine may cost
  public record Market(
      String image, String query, int diskGb, boolean interruptible, UsdPerHour cap) {}

  /// What becomes of the box when the job is done.
  ///
  /// @param approved the user said yes to destroying this run's own rentals beforehand
  public record Finish(After after, boolean approved) {}

  /// The three ends of a box.
  public enum After {
    DESTROY,
    STOP,
    KEEP
  }
}
