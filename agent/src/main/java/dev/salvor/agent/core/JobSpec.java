package dev.salvor.agent.core;

import java.util.List;
import java.util.Map;

/// The job as the controller ordered it: what to run, where, and where its cargo lies.
public record JobSpec(
    String command,
    String workdir,
    Map<String, String> env,
    List<String> checkpointRoots,
    List<String> resultRoots) {
  public JobSpec {
    if (command.isBlank()) {
      throw new IllegalArgumentException("A job has a command");
    }
    if (!workdir.startsWith("/")) {
      throw new IllegalArgumentException("A job's workdir is absolute: " + workdir);
    }
    env = Map.copyOf(env);
    checkpointRoots = List.copyOf(checkpointRoots);
    resultRoots = List.copyOf(resultRoots);
  }

  /// Never the environment: it holds the user's secrets.
  @Override
  public String toString() {
    return "JobSpec[" + command + " in " + workdir + "]";
  }
}
