package dev.salvor.agent.core;

import java.util.List;
import java.util.Map;

/// The job as the controller ordered it: what to run, where, and where its cargo lies.
///
/// @param command may be empty where the care names tasks
public record JobSpec(
    String command,
    String workdir,
    Map<String, String> env,
    List<String> checkpointRoots,
    List<String> resultRoots,
    JobCare care) {
  public JobSpec {
    if (command.isBlank() && care.tasks().list().isEmpty()) {
      throw new IllegalArgumentException("A job has a command, or tasks");
    }
    if (!workdir.startsWith("/")) {
      throw new IllegalArgumentException("A job's workdir is absolute: " + workdir);
    }
    env = Map.copyOf(env);
    checkpointRoots = List.copyOf(checkpointRoots);
    resultRoots = List.copyOf(resultRoots);
  }

  /// Just a command.
  public JobSpec(
      String command,
      String workdir,
      Map<String, String> env,
      List<String> checkpointRoots,
      List<String> resultRoots) {
    this(command, workdir, env, checkpointRoots, resultRoots, JobCare.NONE);
  }

  /// Never the environment: it holds the user's settings.
  @Override
  public String toString() {
    return "JobSpec[" + command + " in " + workdir + "]";
  }
}
