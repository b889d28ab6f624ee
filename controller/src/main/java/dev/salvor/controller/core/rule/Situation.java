package dev.salvor.controller.core.rule;

import dev.salvor.controller.core.Effect;
import dev.salvor.controller.core.Policy;
import dev.salvor.controller.core.Rental;
import dev.salvor.controller.core.Rental.JobState;
import dev.salvor.controller.core.RentalRef;
import dev.salvor.controller.core.RunSpec;
import dev.salvor.controller.core.RunState;
import dev.salvor.controller.core.RunState.Will;
import dev.salvor.controller.core.Sight;
import dev.salvor.controller.core.Verdict;
import java.time.Instant;
import java.util.Optional;

/// The questions that several rules ask of a run.
final class Situation {
  private Situation() {}

  /// The user wants the run to go on.
  static boolean carryingOn(RunState s) {
    return s.will() instanceof Will.CarryOn && !s.over();
  }

  static boolean halted(RunState s) {
    return s.will() instanceof Will.Halt;
  }

  /// The job has come to its end on the newest rental that had it, and is not to be started again.
  static boolean jobOver(RunState s, Policy policy) {
    return lastEnd(s).map(end -> end.ended().well() || !restartable(s, end, policy)).orElse(false);
  }

  /// The job's newest end, if nothing started since.
  static Optional<End> lastEnd(RunState s) {
    for (Rental rental : s.rentals().reversed().values()) {
      if (rental.job() instanceof JobState.Ended ended) {
        return Optional.of(new End(rental, ended));
      }
      if (rental.aboard().told() > 0) {
        return Optional.empty();
      }
    }
    return Optional.empty();
  }

  /// What is to become of the box when the job is over.
  static RunSpec.After after(RunState s, Policy policy) {
    RunSpec.Finish finish = s.spec().finish();
    boolean failed = jobOver(s, policy) && !endedWell(s);
    return finish.keepFailed() && failed ? RunSpec.After.KEEP : finish.after();
  }

  /// The user ends the run and never said yes to destroying: its boxes are stopped, and kept.
  static boolean toBeStopped(RunState s, Instant now) {
    return s.will() instanceof Will.WindDown && !s.approved(now);
  }

  /// The job did what it was asked to, and so did each of its tasks.
  static boolean endedWell(RunState s) {
    return lastEnd(s).map(end -> end.ended().well()).orElse(false) && s.failedTasks().isEmpty();
  }

  /// Where and how the job ended.
  record End(Rental on, JobState.Ended ended) {}

  static boolean restartable(RunState s, End end, Policy policy) {
    // It was ended by us, since the run goes on elsewhere, or its user has a policy for its words.
    if (end.ended().cause().equals("fenced")
        || s.learned().heard().startsAgain(s.spec(), end.on())) {
      return true;
    }
    boolean notItsFault =
        switch (end.ended().cause()) {
          case "killed" -> true;
          case "hung" -> policy.restarts().hung();
          default -> false;
        };
    return notItsFault && end.on().aboard().restarts() < policy.restarts().most();
  }

  /// Nothing new is to be started: bring home, and end.
  static boolean finishing(RunState s, Policy policy) {
    return !carryingOn(s) || jobOver(s, policy);
  }

  /// This rental is not the one that the run goes on with.
  static boolean left(RunState s, Rental r) {
    return r.marks().givenUp() || s.current().map(c -> !c.ref().equals(r.ref())).orElse(true);
  }

  static boolean busy(RunState s, RentalRef ref) {
    return busySince(s, ref).isPresent();
  }

  /// Since when an effect at the provider is under way.
  static Optional<Instant> busySince(RunState s, RentalRef ref) {
    return s.open().values().stream()
        .filter(intent -> concerns(intent.effect(), ref))
        .map(RunState.Intent::since)
        .findFirst();
  }

  /// An effect at the provider, not at the agent.
  private static boolean concerns(Effect effect, RentalRef ref) {
    return switch (effect) {
      case Effect.Create e -> e.rental().equals(ref);
      case Effect.Stop e -> e.rental().equals(ref);
      case Effect.Raise e -> e.rental().equals(ref);
      case Effect.Destroy e -> e.terms().rental().equals(ref);
      case Effect.Rescue e -> e.rental().equals(ref);
      case Effect.Search _,
          Effect.Tell _,
          Effect.Prepare _,
          Effect.ReadLog _,
          Effect.Withdraw _,
          Effect.Prune _,
          Effect.CopyOut _ ->
          false;
    };
  }

  static boolean telling(RunState s, RentalRef ref) {
    return s.opened(Effect.Tell.class).stream().anyMatch(tell -> tell.rental().equals(ref));
  }

  /// The key of a notice that is given each time anew.
  static String occasion(String kind, Instant since) {
    return kind + "-" + since.getEpochSecond();
  }

  /// Of this occasion, or of an earlier one that nobody has acknowledged yet.
  static boolean told(RunState s, String kind, Instant since) {
    return s.announced(occasion(kind, since)) || waits(s, kind);
  }

  /// A notice of this kind is shown until it is acknowledged.
  static boolean waits(RunState s, String kind) {
    return s.notices().stream()
        .filter(notice -> !notice.acknowledged())
        .anyMatch(notice -> notice.key().equals(kind) || notice.key().startsWith(kind + "-"));
  }

  static boolean rested(Rental r, Instant now) {
    return !now.isBefore(r.marks().notBefore());
  }

  /// Paused by a higher bid, by its owner or by the provider: its disk is still there.
  static boolean pausedLoss(Rental r) {
    return r.seen().verdict() instanceof Verdict.Lost lost
        && switch (lost.cause()) {
          case OUTBID, STOPPED, CONTRACT_EXPIRED, CONTAINER_EXITED -> true;
          case HOST_OFFLINE, GONE -> false;
        };
  }

  static boolean lostBy(Rental r, Verdict.Cause cause) {
    return r.seen().verdict() instanceof Verdict.Lost lost && lost.cause() == cause;
  }

  static boolean is(Rental r, Sight.Status status) {
    return r.seen().sight().is(status);
  }
}
