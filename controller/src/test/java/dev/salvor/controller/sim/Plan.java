package dev.salvor.controller.sim;

import dev.salvor.controller.core.RunSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// What one world is like: its job, its market, its user, and what goes wrong when. Drawn from the
/// seed.
record Plan(
    JobPlan job,
    Net net,
    RunSpec.After after,
    boolean approved,
    boolean interruptible,
    int machines,
    Asks asks,
    List<Fault> faults,
    long faultsEndMs) {

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

  /// Something that goes wrong at a time, for a time.
  record Fault(long atMs, Kind kind, long forMs) {}

  /// The closed list of what goes wrong.
  enum Kind {
    OUTBID,
    CONTROLLER_KILL,
    CRASH_AFTER_APPEND,
    CRASH_BEFORE_APPEND,
    AGENT_KILL,
    JOB_KILL,
    STALE_LIST,
    PROVIDER_MUTE,
    HOST_OFFLINE,
    PARTITION,
    SLOW_COPY,
    COPY_BREAKS,
    LOST_REPLIES,
    LATE_REQUESTS,
    SLOW_STARTS,
    LOADS_FOREVER,
    AGENT_DIES,
    HOST_GONE,
    OWNER_STOP,
    /// A box that was stopped for good runs again, by nobody's doing here.
    OLD_RETURNS,
    PRICES_RISE,
    LOGIN_FAILS,
    USER_WINDS_DOWN,
    USER_HALTS
  }

  private static final long MINUTE = 60_000;

  Plan {
    faults = List.copyOf(faults);
  }

  static Plan draw(SplittableRandom chance) {
    long steps = chance.nextLong(60, 600);
    JobPlan job =
        new JobPlan(
            steps,
            chance.nextLong(500, 3_000),
            chance.nextLong(10, 60),
            chance.nextLong(100, 8_000),
            chance.nextInt(12) == 0 ? chance.nextLong(1, steps) : 0,
            chance.nextBoolean(),
            chance.nextInt(3) == 0,
            chance.nextInt(1, 4),
            chance.nextInt(5) == 0 ? 2 : 1);
    RunSpec.After after =
        switch (chance.nextInt(8)) {
          case 0 -> RunSpec.After.STOP;
          case 1 -> RunSpec.After.KEEP;
          default -> RunSpec.After.DESTROY;
        };
    Net net = new Net(chance.nextLong(1_000, 40_000), chance.nextBoolean());
    long end = chance.nextLong(5 * MINUTE, 50 * MINUTE);
    boolean approved = chance.nextInt(6) != 0;
    boolean interruptible = chance.nextInt(5) != 0;
    int machines = chance.nextInt(4, 13);
    List<Fault> faults = faults(chance, end);
    Asks asks = new Asks(chance.nextInt(3) == 0, chance.nextInt(6) == 0, chance.nextInt(6) == 0);
    return new Plan(job, net, after, approved, interruptible, machines, asks, faults, end);
  }

  private static List<Fault> faults(SplittableRandom chance, long end) {
    List<Fault> faults = new ArrayList<>();
    int count = chance.nextInt(0, chance.nextBoolean() ? 8 : 30);
    for (int i = 0; i < count; i++) {
      Kind kind = Kind.values()[chance.nextInt(Kind.values().length)];
      boolean users = kind == Kind.USER_WINDS_DOWN || kind == Kind.USER_HALTS;
      if (users && chance.nextInt(3) != 0) {
        kind = Kind.OUTBID;
      }
      long at = chance.nextLong(5_000, end);
      faults.add(new Fault(at, kind, Math.min(chance.nextLong(3_000, 8 * MINUTE), end - at)));
    }
    return faults;
  }
}
