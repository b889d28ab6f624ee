package dev.salvor.agent.cargo;

import dev.salvor.agent.core.JobSpec;
import java.util.List;

/// Which of a job's files its user said may go when the disk fills: globs over absolute paths.
@FunctionalInterface
public interface ScratchSource {
  List<String> of(JobSpec job);
}
