package dev.salvor.agent.job;

import java.nio.file.Path;
import java.util.Map;

/// Where a job lives on this box.
///
/// @param jobs HOME/job: the lock, the log, marks of what is done, a record directory a start
/// @param root under which the box's absolute paths lie; "/" on a real box
/// @param env what every job finds in its environment, on top of this process's own
public record JobPlace(Path jobs, Path root, int boot, Map<String, String> env) {
  public JobPlace {
    env = Map.copyOf(env);
  }

  /// Of one start of this boot, counted from 1.
  Path record(int start) {
    return jobs.resolve(start == 1 ? "boot-" + boot : "boot-" + boot + "." + start);
  }

  Path log() {
    return jobs.resolve("log");
  }

  /// Marks of steps that ended well: once a disk.
  Path done() {
    return jobs.resolve("done");
  }

  /// An absolute path of the box as a path of this process.
  Path onDisk(String absolute) {
    return root.resolve(absolute.replaceFirst("^/+", ""));
  }
}
