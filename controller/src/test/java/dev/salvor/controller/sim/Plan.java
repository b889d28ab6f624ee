package dev.salvor.controller.sim;

import dev.salvor.common.unit.Usd;
import dev.salvor.controller.core.LogPolicy;
import dev.salvor.controller.core.LogPolicy.Answer;
import dev.salvor.controller.core.Retention;
import dev.salvor.controller.core.RunSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// What one world is like: its runs, its market, and what goes wrong when. Drawn from the seed.
///
/// @param stored the journal goes through its stored form at each restart
record Plan(
    List<RunPlan> runs, int machines, boolean stored, List<Fault> faults, long faultsEndMs) {
  private static final long MINUTE = 60_000;

  Plan {
    runs = List.copyOf(runs);
    faults = List.copyOf(faults);
  }

  /// What one user asked for.
  record RunPlan(
      JobPlan job,
      Net net,
      RunSpec.After after,
      boolean approved,
      boolean interruptible,
      Asks asks,
      Purse purse) {
    /// Which copies stay, at home and on a short disk, told from what else was drawn: worlds are
    /// what they were before anybody asked for it.
    Retention keeps() {
      int newest = (int) (job.stepMs() % 4);
      int onBox = (int) (job.stepMs() / 4 % 3);
      return new Retention(newest, "", newest == 0 ? 0 : job.every() * 5, onBox);
    }

    /// Its first box is one that its user had rented himself; told in the same way.
    boolean byHand() {
      return job.writeMs() / 8 % 6 == 0;
    }

    /// And nothing of ours runs there.
    boolean looksAfter() {
      return byHand() && job.stepMs() % 2 == 0;
    }
  }

  /// What lines of the log mean, told in the same way.
  static List<LogPolicy> meanings(JobPlan job) {
    return switch ((int) (job.writeMs() % 8)) {
      case 0 -> List.of(new LogPolicy("boom", Answer.RESTART, 2));
      case 1 -> List.of(new LogPolicy("boom", Answer.LEAVE, 2));
      case 2 -> List.of(new LogPolicy("boom", Answer.STOP, 1));
      case 3 ->
          List.of(
              new LogPolicy("boom", Answer.NOTIFY, 2),
              new LogPolicy("boom", Answer.RESTART, 1),
              new LogPolicy("boom", Answer.LEAVE, 1));
      default -> List.of();
    };
  }

  /// The job: so many steps, a checkpoint every few, a result at the end.
  ///
  /// @param failsAt step at which it ends by its own fault; 0 for never
  /// @param savesOnTerm writes a last checkpoint when it is asked to end
  /// @param straggles a writer of its own finishes a checkpoint after the job has ended
  /// @param keep checkpoints that its rotation leaves on the disk
  /// @param models models that it saves side by side at each checkpoint
  record JobPlan(
      long steps,
      long stepMs,
      long every,
      long writeMs,
      long failsAt,
      boolean savesOnTerm,
      boolean straggles,
      int keep,
      int models) {}

  /// What else its user asked for.
  ///
  /// @param syncs a directory is brought to each new disk before the job
  /// @param leavesResults results are given up beforehand
  /// @param keepsFailed the box of a job that failed is kept
  record Asks(boolean syncs, boolean leavesResults, boolean keepsFailed) {}

  /// The cargo's way home.
  ///
  /// @param carryMs what one copy takes on a good day
  /// @param reportsRestored the agent reports a checkpoint that was brought onto the box as new
  record Net(long carryMs, boolean reportsRestored) {}

  /// What it may cost.
  ///
  /// @param lease how long a box trains on alone; zero as usual
  /// @param room how many checkpoints a box's disk has room for
  /// @param userLooksMs how often its user looks
  record Purse(Usd budget, Duration lease, Duration grace, int room, long userLooksMs) {}

  /// Something that goes wrong at a time, for a time.
  record Fault(long atMs, FaultKind kind, long forMs) {
    @Override
    public String toString() {
      return "%s at %d s for %d s".formatted(Mix.word(kind), atMs / 1_000, forMs / 1_000);
    }
  }

  /// The same world with fewer faults.
  Plan with(List<Fault> fewer) {
    return new Plan(runs, machines, stored, fewer, faultsEndMs);
  }

  static Plan draw(SplittableRandom chance, Mix mix) {
    long end = chance.nextLong(5 * MINUTE, 50 * MINUTE);
    int count = chance.nextInt(12) == 0 ? chance.nextInt(4, 7) : 1;
    List<RunPlan> runs = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      runs.add(run(chance));
    }
    int machines = count * 3 + chance.nextInt(1, 10);
    boolean stored = chance.nextInt(10) == 0;
    List<Fault> faults = chance.nextInt(12) == 0 ? List.of() : mix.draw(chance, end);
    long last = faults.stream().mapToLong(f -> f.atMs() + f.forMs()).max().orElse(0);
    return new Plan(runs, machines, stored, faults, Math.max(end, last));
  }

  private static RunPlan run(SplittableRandom chance) {
    RunSpec.After after =
        switch (chance.nextInt(8)) {
          case 0 -> RunSpec.After.STOP;
          case 1 -> RunSpec.After.KEEP;
          default -> RunSpec.After.DESTROY;
        };
    JobPlan job = job(chance);
    return new RunPlan(
        job,
        new Net(chance.nextLong(1_000, 40_000), chance.nextBoolean()),
        after,
        chance.nextInt(6) != 0,
        chance.nextInt(5) != 0,
        new Asks(chance.nextInt(3) == 0, chance.nextInt(6) == 0, chance.nextInt(6) == 0),
        purse(chance, job));
  }

  private static JobPlan job(SplittableRandom chance) {
    long steps = chance.nextLong(60, 600);
    return new JobPlan(
        steps,
        chance.nextLong(500, 3_000),
        chance.nextLong(10, 60),
        chance.nextLong(100, 8_000),
        chance.nextInt(12) == 0 ? chance.nextLong(1, steps) : 0,
        chance.nextBoolean(),
        chance.nextInt(3) == 0,
        chance.nextInt(1, 4),
        chance.nextInt(5) == 0 ? 2 : 1);
  }

  private static Purse purse(SplittableRandom chance, JobPlan job) {
    boolean poor = chance.nextInt(6) == 0;
    return new Purse(
        poor ? Usd.of(chance.nextInt(2, 30) / 100.0) : Usd.of(50),
        chance.nextInt(6) == 0 ? Duration.ofMinutes(chance.nextLong(3, 60)) : Duration.ZERO,
        chance.nextInt(6) == 0 ? Duration.ofMinutes(chance.nextLong(2, 30)) : Duration.ZERO,
        (job.keep() + 3) * job.models() + chance.nextInt(1, 4),
        chance.nextInt(4) == 0 ? 30 * MINUTE : 2 * MINUTE);
  }
}
