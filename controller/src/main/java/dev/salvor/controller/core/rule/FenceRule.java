package dev.salvor.controller.core.rule;

import dev.salvor.controller.core.Decision;
import dev.salvor.controller.core.Effect;
import dev.salvor.controller.core.Policy;
import dev.salvor.controller.core.Rental;
import dev.salvor.controller.core.Rental.Hold;
import dev.salvor.controller.core.RunSpec;
import dev.salvor.controller.core.RunState;
import dev.salvor.controller.core.Sight;
import dev.salvor.controller.core.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// A rental that the run has left is stopped, and stopped again until the provider says so: paused
/// boxes come back by themselves when their bid wins.
final class FenceRule implements Rule {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /// An agent is up and has looked over its disk within this.
  private static final Duration SPEAKING = Duration.ofSeconds(30);

  /// After that its disk is read while it stands still, which costs no GPU.
  private static final Duration SENDING = Duration.ofSeconds(100);

  @Override
  public Optional<Decision> decide(RunState s, Policy policy, Instant now) {
    return s.rentals().values().stream()
        .filter(r ->
            mustStop(s, policy, r, now) && !Situation.busy(s, r.ref()) && Situation.rested(r, now))
        .findFirst()
        .map(r -> stop(r, s));
  }

  /// It came back by itself, or is left in order, and may hold more than we have: it is given a
  /// moment to say so and to send it, with no job running.
  private static boolean sending(RunState s, Rental r, Instant now) {
    boolean leaving = r.marks().givenUp() && r.alive() && r.aboard().everOrdered();
    if (leaving && now.isBefore(r.marks().armAt().plus(copying(s, r) ? SENDING : SPEAKING))) {
      return true;
    }
    boolean succeeded = s.current().map(c -> !c.ref().equals(r.ref())).orElse(false);
    boolean comes = r.seen().sight().wanted() == Sight.Wanted.RUNNING;
    if (!succeeded || !comes || !r.aboard().everOrdered()) {
      return false;
    }
    Duration time = copying(s, r) ? SENDING : SPEAKING;
    return now.isBefore(r.seen().statusSince().plus(time));
  }

  private static boolean copying(RunState s, Rental r) {
    return s.opened(Effect.CopyOut.class).stream().anyMatch(c -> c.rental().equals(r.ref()));
  }

  private static Decision stop(Rental r, RunState s) {
    Hold.Held held = (Hold.Held) r.hold();
    String why =
        Situation.left(s, r)
            ? "the run goes on elsewhere"
            : "the job is over and it must not run on";
    return Decision.act(
        "fence",
        "stop instance " + held.instance(),
        why,
        new Effect.Stop(r.ref(), held.instance()),
        PATIENCE);
  }

  /// It runs and says nothing: nobody can ask it to be quiet, but its disk can be brought home.
  private static boolean mute(Rental r, Policy policy, Instant now) {
    boolean silent =
        switch (r.seen().verdict()) {
          case Verdict.Suspect _, Verdict.Coming _ -> true;
          case Verdict.Alive _, Verdict.Lost _, Verdict.Unknown _ -> false;
        };
    return silent
        && Situation.is(r, Sight.Status.RUNNING)
        && now.isAfter(r.seen().verdictSince().plus(policy.patience().raise()));
  }

  private static boolean mustStop(RunState s, Policy policy, Rental r, Instant now) {
    if (!r.held() || r.stoppedForGood() || r.marks().eraseAccepted() || unreachable(r)) {
      return false;
    }
    return (Situation.left(s, r) && !sending(s, r, now))
        || halfStopped(r)
        || (Situation.pausedLoss(r) && Situation.finishing(s, policy))
        || (mute(r, policy, now) && Situation.finishing(s, policy))
        || (Situation.finishing(s, policy) && (toStop(s, policy, r, now) || toFetch(s, r, now)));
  }

  /// It ended its job to stop itself, and could not: it bills for nothing.
  private static boolean halfStopped(Rental r) {
    int boot = r.aboard().farewell().stoppedBoot();
    return boot > 0
        && boot == r.aboard().boot()
        && r.job() instanceof Rental.JobState.Idle
        && Situation.is(r, Sight.Status.RUNNING);
  }

  /// What somebody else runs there may write on: its disk is read while it stands still.
  private static boolean toFetch(RunState s, Rental r, Instant now) {
    return s.spec().job().looksAfter()
        && s.approved(now)
        && r.quiet() instanceof Rental.Quiet.At
        && s.will() instanceof RunState.Will.WindDown;
  }

  /// Done, brought home, and to be left stopped.
  private static boolean toStop(RunState s, Policy policy, Rental r, Instant now) {
    boolean meant =
        Situation.after(s, policy) == RunSpec.After.STOP || Situation.toBeStopped(s, now);
    return meant && r.quiet() instanceof Rental.Quiet.At && s.cargo().unsafe(r.ref()).isEmpty();
  }

  /// Not seen yet; or its host is away, and the provider knows already that it is not to run when
  /// it comes back.
  static boolean unreachable(Rental r) {
    boolean away = Situation.is(r, Sight.Status.OFFLINE) && r.marks().stopAsked();
    return Situation.is(r, Sight.Status.UNSEEN) || away;
  }
}
