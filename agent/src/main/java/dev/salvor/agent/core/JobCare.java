package dev.salvor.agent.core;

import dev.salvor.common.unit.Secret;
import java.util.List;
import java.util.Map;

/// How a job is looked after, beside running its command.
///
/// @param secrets the user's, by the name that the job finds them under
/// @param scratch globs below the job's roots that may go when the disk is short
/// @param intervalS how often a checkpoint is worth its while; 0 where nobody knows
/// @param gate what the box must be
/// @param onLog patterns of lines of its log that the controller wants to hear of
public record JobCare(
    Tasks tasks,
    Listens listens,
    Map<String, Secret> secrets,
    List<String> scratch,
    int intervalS,
    Gate gate,
    List<String> onLog) {
  /// Just run the command.
  public static final JobCare NONE =
      new JobCare(Tasks.NONE, new Listens.Never(), Map.of(), List.of(), 0, Gate.NONE);

  /// On any box.
  public JobCare(
      Tasks tasks,
      Listens listens,
      Map<String, Secret> secrets,
      List<String> scratch,
      int intervalS) {
    this(tasks, listens, secrets, scratch, intervalS, Gate.NONE);
  }

  /// Whatever its log says.
  public JobCare(
      Tasks tasks,
      Listens listens,
      Map<String, Secret> secrets,
      List<String> scratch,
      int intervalS,
      Gate gate) {
    this(tasks, listens, secrets, scratch, intervalS, gate, List.of());
  }

  public JobCare {
    secrets = Map.copyOf(secrets);
    scratch = List.copyOf(scratch);
    onLog = List.copyOf(onLog);
  }

  /// What runs before the job, and instead of one command.
  ///
  /// @param envFirst before the job, once a disk
  /// @param envResume before the job, on each later boot
  /// @param list in order, instead of the command; each that ended well is not run again
  /// @param done digests of those that are done already
  /// @param goOn one that fails is told, and the rest go on
  public record Tasks(
      List<String> envFirst,
      List<String> envResume,
      List<String> list,
      List<String> done,
      boolean goOn) {
    static final Tasks NONE = new Tasks(List.of(), List.of(), List.of(), List.of());

    /// The first that fails ends the job.
    public Tasks(
        List<String> envFirst, List<String> envResume, List<String> list, List<String> done) {
      this(envFirst, envResume, list, done, false);
    }

    public Tasks {
      envFirst = List.copyOf(envFirst);
      envResume = List.copyOf(envResume);
      list = List.copyOf(list);
      done = List.copyOf(done);
    }
  }

  /// How the job is asked for a checkpoint.
  public sealed interface Listens {
    String FILE = "file:";
    List<String> SIGNALS = List.of("SIGUSR1", "SIGUSR2", "SIGHUP", "SIGTERM");

    /// It cannot be asked.
    record Never() implements Listens {}

    /// By a signal, "USR1".
    record Signal(String name) implements Listens {}

    /// By a file that appears; the job removes it when it has seen it.
    record File(String path) implements Listens {}

    /// "", "SIGUSR1" or "file:/absolute/path".
    static Listens read(String text) {
      if (text.isEmpty()) {
        return new Never();
      }
      if (SIGNALS.contains(text)) {
        return new Signal(text.substring("SIG".length()));
      }
      if (text.startsWith(FILE + "/")) {
        return new File(text.substring(FILE.length()));
      }
      throw new IllegalArgumentException("Nothing that a job can listen to: " + text);
    }

    default String write() {
      return switch (this) {
        case Never _ -> "";
        case Signal signal -> "SIG" + signal.name();
        case File file -> FILE + file.path();
      };
    }
  }
}
