package dev.salvor.controller.core;

import dev.salvor.controller.core.Rental.JobState;
import dev.salvor.controller.core.Rental.Quiet;
import java.time.Instant;

/// Folds what a box tells of its job: a start counts where it is of the boot that the box is at,
/// and no older than the newest that was heard of or ordered.
final class FoldJob {
  /// The cause of a job that its box ended, to stop itself when nobody answered: it has not come to
  /// its end, and goes on from what it saved.
  private static final String ENDED_FOR_LEASE = "lease";

  /// More tasks than a list may have.
  private static final int MAX_TASKS = 10_000;

  private FoldJob() {}

  static RunState started(RunState s, Fact.JobStarted f) {
    return FoldLearned.started(s, Fold.update(s, f.rental(), r -> started(r, f)), f);
  }

  static RunState ended(RunState s, Fact.JobEnded f) {
    return Fold.update(s, f.rental(), r -> ended(r, f));
  }

  static RunState stalled(RunState s, Fact.JobStalled f) {
    return Fold.update(s, f.rental(), r -> stalled(r, f.boot(), f.start(), f.why(), f.at()));
  }

  static RunState moving(RunState s, Fact.JobMoving f) {
    return Fold.update(s, f.rental(), r -> stalled(r, f.boot(), f.start(), "", f.at()));
  }

  static RunState taskDone(RunState s, Fact.TaskDone f) {
    return s.tasksDone().size() < MAX_TASKS ? s.withDone(f.digest(), f.exit()) : s;
  }

  private static Rental started(Rental r, Fact.JobStarted f) {
    Aboard a = r.aboard();
    boolean over = r.job() instanceof JobState.Ended && f.start() == a.start();
    return f.boot() == a.boot() && f.start() >= a.start() && !over
        ? r.with(new JobState.Running(f.boot(), f.at()))
            .with(new Quiet.No())
            .with(a.at(f.start()).own())
        : r;
  }

  private static Rental ended(Rental r, Fact.JobEnded f) {
    Aboard a = r.aboard();
    // One that was heard again after the job had been told to start anew ends nothing.
    if (f.boot() != a.boot() || f.start() < a.start()) {
      return r;
    }
    if (f.cause().equals(ENDED_FOR_LEASE)) {
      return r.with(new JobState.Idle());
    }
    return r.with(new JobState.Ended(f.boot(), f.exitCode(), f.cause(), f.tail(), f.at()))
        .with(a.at(f.start()));
  }

  private static Rental stalled(Rental r, int boot, int start, String why, Instant at) {
    boolean current = boot == r.aboard().boot() && start == r.aboard().start();
    return current && r.job() instanceof JobState.Running running
        ? r.with(running.stalled(why, at))
        : r;
  }
}
