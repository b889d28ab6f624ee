package dev.salvor.agent.job;

import java.nio.file.Path;
import java.util.Map;

/// Where a job lives on this box.
///
/// @param jobs HOME/job: the lock, the log, a record directory a boot
/// @param root under which the box's absolute paths lie; "/" on a real box
/// @param env what every job finds in its environment, on top of this process's own
public record JobPlace(Path jobs, Path root, int boot, Map<String, String> env) {
  public JobPlace {
    env = Map.copyOf(env);
  }

  Path record() {
    return jobs.resolve("boot-" + boot);
  }

  Path log() {
    return jobs.resolve("log");
  }

  /// An absolute path of the box as a path of this process.
  Path onDisk(String absolute) {
    return root.resolve(absolute.replaceFirst("^/+", ""));
  }
}
