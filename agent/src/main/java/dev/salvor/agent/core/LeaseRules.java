package dev.salvor.agent.core;

import static dev.salvor.agent.core.Action.Say.Level.ERROR;
import static dev.salvor.agent.core.Action.Say.Level.INFO;
import static dev.salvor.agent.core.Action.Say.Level.WARN;

import dev.salvor.agent.core.LeaseClock.Phase;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;

/// When a box that no controller answers has spent what it may: it asks the job to save and end,
/// then stops itself through the platform. It never destroys anything.
final class LeaseRules {
  /// A controller that was heard within this may be back in a moment, whatever the lease says.
  static final long PATIENCE_MS = 30_000;

  /// Time for a job to write what it has.
  static final int SAVE_GRACE_MS = 120_000;

  /// A job that listens is asked for a checkpoint first, and given this long to write it.
  static final long ASK_MS = 300_000;

  /// After its grace a job is killed; what still looks busy then never was a job.
  static final long ENDING_MS = SAVE_GRACE_MS + 30_000;

  /// The platform said yes, and the box is still there.
  static final long STOP_SHOWS_MS = 300_000;

  /// No answer at all: the adapter's own deadlines are shorter.
  static final long STOP_ANSWER_MS = 120_000;

  /// Between two tries, doubled each time up to the second.
  static final long RETRY_FROM_MS = 5_000;

  static final long RETRY_TO_MS = 600_000;

  /// Times that moved less than this are not worth a write.
  private static final long GRAIN_MS = 60_000;

  private LeaseRules() {}

  /// A controller answered a beat.
  static void heard(Turn turn, AgentEvent.BeatHeard beat) {
    if (beat.leaseUntilMs() <= 0) {
      return;
    }
    long left = Math.max(0, beat.leaseUntilMs() - beat.controllerTimeMs());
    turn.lease = turn.lease.until(turn.now.monoMs() + left);
    Lease before = turn.memory.lease();
    long grace = beat.unattendedMs() > 0 ? beat.unattendedMs() : left;
    Lease granted = new Lease(turn.now.wallMs() + left, left, grace, beat.startsAlone(), 0);
    boolean moved =
        Math.abs(granted.untilMs() - before.untilMs()) >= GRAIN_MS
            || granted.graceMs() != before.graceMs()
            || granted.startsAlone() != before.startsAlone();
    if (moved) {
      turn.memory = turn.memory.withLease(granted.withIdleSince(before.idleSinceMs()));
    }
  }

  /// A controller is there again: what it wants done with an idle box it says itself.
  static void welcomed(Turn turn) {
    if (turn.lease.phase() instanceof Phase.Stopping stopping && !stopping.decided()) {
      turn.say(INFO, "a controller answers, this box stays", Map.of());
      turn.lease = turn.lease.in(new Phase.Granted());
    } else if (turn.lease.phase() instanceof Phase.Told) {
      turn.lease = turn.lease.in(new Phase.Granted());
    } else if (turn.lease.phase() instanceof Phase.Asking) {
      turn.say(INFO, "a controller answers, the job goes on", Map.of());
      turn.lease = turn.lease.in(new Phase.Granted());
    }
  }

  /// The controller will never take this box again: from now on it counts as one without a job.
  static void refused(Turn turn) {
    long grace = turn.memory.lease().graceMs();
    long until = Math.min(turn.lease.untilAt(), turn.now.monoMs() + grace);
    turn.lease = new LeaseClock(until, turn.lease.idleSince(), true, turn.lease.phase());
  }

  /// Whether a box that came back may start its job by itself.
  static boolean allowsStart(Lease lease, LeaseClock clock) {
    return lease.startsAlone() && !clock.spent() && clock.phase() instanceof Phase.Granted;
  }

  /// What platform and box said of the stop.
  static void apply(Turn turn, AgentEvent.FromPlatform event) {
    if (!(turn.lease.phase() instanceof Phase.Stopping stopping)) {
      return;
    }
    switch (event) {
      case AgentEvent.RentalStopped _ -> {
        turn.say(INFO, "the platform stops this box", Map.of());
        long again = turn.now.monoMs() + STOP_SHOWS_MS;
        turn.lease = turn.lease.in(new Phase.Stopping(stopping.tries(), again, stopping.decided()));
      }
      case AgentEvent.RentalNotStopped failed -> {
        long wait = Math.min(RETRY_TO_MS, RETRY_FROM_MS << Math.min(stopping.tries() - 1, 10));
        turn.say(
            ERROR,
            "this box could not stop itself, trying again; it bills until it is stopped",
            Map.of("why", failed.why(), "in_ms", Long.toString(wait)));
        turn.lease =
            turn.lease.in(
                new Phase.Stopping(stopping.tries(), turn.now.monoMs() + wait, stopping.decided()));
      }
    }
  }

  /// The end that a job came to after it was told to end for the lease: by no fault of its own.
  static JobEnd named(Turn turn, JobEnd end) {
    boolean ours = turn.lease.phase() instanceof Phase.Ending && end.exitCode() != 0;
    return ours ? new JobEnd(end.pid(), end.exitCode(), JobEnd.Cause.LEASE, end.tail()) : end;
  }

  /// What the clock asks of the lease.
  static void keepUp(Turn turn) {
    idle(turn);
    long now = turn.now.monoMs();
    switch (turn.lease.phase()) {
      case Phase.Granted _
          when !(turn.link instanceof LinkPhase.Up)
              && now >= lapseAt(turn.lease, turn.memory.lease(), turn.chores.heardAt()) ->
          lapse(turn);
      case Phase.Asking asking when answered(turn) || now >= asking.since() + ASK_MS -> end(turn);
      case Phase.Ending ending when !turn.job.busy() || now >= ending.since() + ENDING_MS ->
          stop(turn, true);
      case Phase.Stopping stopping when now >= stopping.nextAt() -> again(turn, stopping);
      case Phase.Granted _, Phase.Told _, Phase.Asking _, Phase.Ending _, Phase.Stopping _ -> {
        // Nothing is due.
      }
    }
  }

  static long wakeAt(AgentState state) {
    return switch (state.lease().phase()) {
      case Phase.Granted _ ->
          state.link() instanceof LinkPhase.Up
              ? LeaseClock.NEVER
              : lapseAt(state.lease(), state.memory().lease(), state.chores().heardAt());
      case Phase.Told _ -> LeaseClock.NEVER;
      case Phase.Asking asking -> asking.since() + ASK_MS;
      case Phase.Ending ending -> ending.since() + ENDING_MS;
      case Phase.Stopping stopping -> stopping.nextAt();
    };
  }

  private static long lapseAt(LeaseClock clock, Lease lease, long heardAt) {
    long idleEnds =
        clock.idleSince() == LeaseClock.NEVER
            ? LeaseClock.NEVER
            : clock.idleSince() + lease.graceMs();
    return Math.max(Math.min(clock.untilAt(), idleEnds), heardAt + PATIENCE_MS);
  }

  /// Notes since when there has been neither job nor controller.
  private static void idle(Turn turn) {
    if (turn.job instanceof JobPhase.Unknown && !(turn.link instanceof LinkPhase.Up)) {
      // Not looked yet: what is remembered holds.
      return;
    }
    boolean cared = turn.job.busy() || turn.link instanceof LinkPhase.Up;
    if (cared) {
      turn.lease = turn.lease.idle(LeaseClock.NEVER);
      if (turn.memory.lease().idleSinceMs() != 0) {
        turn.memory = turn.memory.withLease(turn.memory.lease().withIdleSince(0));
      }
    } else if (turn.lease.idleSince() == LeaseClock.NEVER) {
      turn.lease = turn.lease.idle(turn.now.monoMs());
      turn.memory = turn.memory.withLease(turn.memory.lease().withIdleSince(turn.now.wallMs()));
    }
  }

  private static void lapse(Turn turn) {
    Map<String, String> why = Map.of("why", why(turn));
    if (!turn.self.ownsStop()) {
      turn.say(WARN, "the lease lapsed without a controller; this box goes on spending money", why);
      turn.lease = turn.lease.in(new Phase.Told());
      return;
    }
    turn.say(WARN, "the lease lapsed without a controller; this box stops itself", why);
    if (!turn.job.busy()) {
      stop(turn, false);
    } else if (VigilRules.asks(turn)) {
      turn.lease = turn.lease.in(new Phase.Asking(turn.now.monoMs()));
    } else {
      end(turn);
    }
  }

  /// There is a checkpoint, or there will be none.
  private static boolean answered(Turn turn) {
    return !turn.job.busy() || turn.vigil.asked().at() == 0;
  }

  private static void end(Turn turn) {
    OrderRules.stop(turn, SAVE_GRACE_MS, Action.StopWhy.ORDERED);
    turn.lease = turn.lease.in(new Phase.Ending(turn.now.monoMs()));
  }

  private static void stop(Turn turn, boolean decided) {
    turn.report(new Report.SelfStopped(turn.self.boot(), why(turn)));
    turn.act(new Action.StopRental());
    turn.lease = turn.lease.in(new Phase.Stopping(1, turn.now.monoMs() + STOP_ANSWER_MS, decided));
  }

  private static void again(Turn turn, Phase.Stopping stopping) {
    turn.act(new Action.StopRental());
    long next = turn.now.monoMs() + STOP_ANSWER_MS;
    turn.lease = turn.lease.in(new Phase.Stopping(stopping.tries() + 1, next, stopping.decided()));
  }

  /// In words, by the box's wall clock.
  private static String why(Turn turn) {
    String heard = "no controller answered since " + at(turn, turn.chores.heardAt());
    long now = turn.now.monoMs();
    LeaseClock clock = turn.lease;
    boolean ending = clock.phase() instanceof Phase.Ending || clock.phase() instanceof Phase.Asking;
    if (ending || clock.untilAt() <= now) {
      return "%s, and its lease ended at %s".formatted(heard, at(turn, clock.untilAt()));
    }
    String grace = Duration.ofMillis(turn.memory.lease().graceMs()).toString().substring(2);
    return "%s, and it had no job to run since %s (grace %s)"
        .formatted(heard, at(turn, clock.idleSince()), grace);
  }

  private static Instant at(Turn turn, long mono) {
    return Instant.ofEpochMilli(turn.now.wallMs() - turn.now.monoMs() + mono)
        .truncatedTo(ChronoUnit.SECONDS);
  }
}
