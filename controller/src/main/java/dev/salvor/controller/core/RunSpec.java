package dev.salvor.controller.core;

import dev.salvor.common.unit.RunId;
import dev.salvor.common.unit.Usd;
import dev.salvor.common.unit.UsdPerHour;
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
      List<String> resultRoots) {
    public Job {
      env = Map.copyOf(env);
      checkpointRoots = List.copyOf(checkpointRoots);
      resultRoots = List.copyOf(resultRoots);
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
