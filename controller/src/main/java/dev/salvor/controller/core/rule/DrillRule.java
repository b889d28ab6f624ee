package dev.salvor.controller.core.rule;

import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.checkpoint.UnitKind;
import dev.salvor.controller.core.Cargo.Proof;
import dev.salvor.controller.core.Cargo.Stowed;
import dev.salvor.controller.core.Decision;
import dev.salvor.controller.core.Drill;
import dev.salvor.controller.core.Drill.Stage;
import dev.salvor.controller.core.Effect;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.core.Policy;
import dev.salvor.controller.core.Rental;
import dev.salvor.controller.core.Rental.Hold;
import dev.salvor.controller.core.Rental.JobState;
import dev.salvor.controller.core.RunState;
import dev.salvor.controller.core.Sight;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// A drill that the user asked for: once a checkpoint is home and verified, the box is stopped and
/// started again, and the job must go on from what it had saved.
final class DrillRule implements Rule {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /// A checkpoint to come back from, asked for or the job's own.
  private static final Duration SAVED_WITHIN = Duration.ofMinutes(30);

  private static final Duration STOPPED_WITHIN = Duration.ofMinutes(10);

  @Override
  public Optional<Decision> decide(RunState s, Policy policy, Instant now) {
    Drill drill = s.learned().drill();
    if (!drill.on()) {
      return Optional.empty();
    }
    Optional<Rental> box = s.current().filter(r -> r.ref().equals(drill.rental()) && r.held());
    if (box.isEmpty() || Situation.finishing(s, policy) || box.get().marks().givenUp()) {
      return Optional.of(over(s, drill, now, "the run went on without it", "No drill was held."));
    }
    return switch (drill.stage()) {
      case WANTED -> wanted(s, drill, box.get(), now);
      case STOPPING -> stopping(s, drill, box.get(), now);
      case STARTING -> starting(s, policy, drill, box.get(), now);
      case OVER -> Optional.empty();
    };
  }

  /// Whether the box of a run stands still because of a drill.
  static boolean holds(RunState s, Rental r) {
    Drill drill = s.learned().drill();
    boolean still = drill.stage() == Stage.STOPPING || drill.stage() == Stage.STARTING;
    return still && drill.rental().equals(r.ref());
  }

  private static Optional<Decision> wanted(RunState s, Drill drill, Rental r, Instant now) {
    boolean listens = !s.spec().job().care().listens().isEmpty();
    boolean home =
        s.cargo()
            .on(r.ref())
            .filter(u -> u.unit().kind() == UnitKind.CHECKPOINT)
            .filter(u -> !listens || u.seenAt().isAfter(drill.since()))
            .anyMatch(u -> u.proof() instanceof Proof.Proven);
    boolean works = r.alive() && r.job() instanceof JobState.Running;
    if (home && works && !Situation.busy(s, r.ref())) {
      return Optional.of(stop(s, drill, r, now));
    }
    return now.isAfter(drill.since().plus(SAVED_WITHIN))
        ? Optional.of(
            over(
                s,
                drill,
                now,
                "no verified checkpoint to come back from within " + Told.time(SAVED_WITHIN),
                "The box was not touched."))
        : Optional.empty();
  }

  private static Decision stop(RunState s, Drill drill, Rental r, Instant now) {
    Hold.Held held = (Hold.Held) r.hold();
    return new Decision(
        "drill",
        "stop instance " + held.instance() + " to start it again",
        "the user asked for a drill, and what it goes on from is home",
        List.of(
            "frontier " + s.cargo().frontier(),
            "while it stands still its GPU may go to somebody else"),
        List.of(new Fact.DrillMoved(now, drill.rental(), Stage.STOPPING)),
        List.of(new Decision.Planned(new Effect.Stop(r.ref(), held.instance()), PATIENCE)));
  }

  private static Optional<Decision> stopping(RunState s, Drill drill, Rental r, Instant now) {
    boolean still = Situation.is(r, Sight.Status.STOPPED);
    if (still && !Situation.busy(s, r.ref()) && Situation.rested(r, now)) {
      Hold.Held held = (Hold.Held) r.hold();
      return Optional.of(
          new Decision(
              "drill",
              "start instance " + held.instance() + " again",
              "it stands still: the provider says " + r.seen().sight().console(),
              List.of("at the price of before: " + r.price()),
              List.of(new Fact.DrillMoved(now, drill.rental(), Stage.STARTING)),
              List.of(
                  new Decision.Planned(
                      new Effect.Raise(r.ref(), held.instance(), r.price()), PATIENCE))));
    }
    return now.isAfter(drill.since().plus(STOPPED_WITHIN))
        ? Optional.of(
            over(
                s,
                drill,
                now,
                "the provider did not show it stopped within " + Told.time(STOPPED_WITHIN),
                "What is done about the box is decided as for any other."))
        : Optional.empty();
  }

  private static Optional<Decision> starting(
      RunState s, Policy policy, Drill drill, Rental r, Instant now) {
    if (r.job() instanceof JobState.Running running && running.boot() > drill.boot()) {
      return resumed(s, drill, r, running, now);
    }
    return now.isAfter(drill.since().plus(policy.patience().loading()))
        ? Optional.of(
            over(
                s,
                drill,
                now,
                "the box did not come back within " + Told.time(policy.patience().loading()),
                "What it had saved is home; the run goes on as after any loss."))
        : Optional.empty();
  }

  /// That a job runs proves nothing: what it saves next shows where it went on from.
  private static Optional<Decision> resumed(
      RunState s, Drill drill, Rental r, JobState.Running running, Instant now) {
    List<Unit> saved = checkpoints(s, r, unit -> unit.id().boot() <= drill.boot());
    Instant last =
        saved.stream().map(Unit::writtenAt).max(Comparator.naturalOrder()).orElse(Instant.EPOCH);
    long reached = saved.stream().mapToLong(Unit::step).max().orElse(0);
    // What lay there before is seen again after a boot.
    Optional<Unit> first =
        checkpoints(s, r, unit -> unit.id().boot() > drill.boot() && unit.writtenAt().isAfter(last))
            .stream()
            .min(Comparator.comparing(Unit::writtenAt));
    String runs =
        "the job runs again on boot %d, %s after the drill was asked for"
            .formatted(running.boot(), Told.time(Duration.between(drill.asked(), running.since())));
    if (first.isPresent()) {
      long step = first.get().step();
      String how =
          step >= reached
              ? "%s, and went on from what it had saved: step %d before, %d in its first checkpoint"
                  + " after"
              : "%s, but did not go on from what it had saved: step %d before, %d in its first"
                  + " checkpoint after";
      String next =
          step >= reached
              ? "Its log shows the step that it resumed at: 'salvor logs %s'."
              : "Look at how it finds its newest checkpoint when it starts ('salvor logs %s'): as"
                  + " it is, each loss of a box costs all that was trained.";
      return Optional.of(
          over(s, drill, now, how.formatted(runs, reached, step), next.formatted(s.spec().run())));
    }
    return now.isAfter(running.since().plus(SAVED_WITHIN))
        ? Optional.of(
            over(
                s,
                drill,
                now,
                "%s; whether it went on from step %d is not shown: it saved nothing within %s"
                    .formatted(runs, reached, Told.time(SAVED_WITHIN)),
                "Its log may show it: 'salvor logs %s'.".formatted(s.spec().run())))
        : Optional.empty();
  }

  private static List<Unit> checkpoints(RunState s, Rental r, Predicate<Unit> which) {
    return s.cargo()
        .on(r.ref())
        .map(Stowed::unit)
        .filter(unit -> unit.kind() == UnitKind.CHECKPOINT)
        .filter(which)
        .toList();
  }

  private static Decision over(RunState s, Drill drill, Instant now, String how, String next) {
    String what =
        "The drill of run %s on rental %s: %s".formatted(s.spec().run(), drill.rental(), how);
    String key = "drill-%s-%d".formatted(drill.rental(), drill.asked().getEpochSecond());
    return Decision.note(
        "drill",
        "end the drill",
        how,
        new Fact.DrillMoved(now, drill.rental(), Stage.OVER),
        new Fact.Announced(now, key, what + ".", next));
  }
}
