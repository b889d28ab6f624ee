package dev.salvor.controller.core.rule;

import dev.salvor.controller.core.Decision;
import dev.salvor.controller.core.EndWords;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.core.Fact.Ending;
import dev.salvor.controller.core.Policy;
import dev.salvor.controller.core.Rental;
import dev.salvor.controller.core.RunSpec;
import dev.salvor.controller.core.RunState;
import dev.salvor.controller.core.RunState.Will;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The run has ended when nothing is left to do: every box gone, or left as the user asked, and
/// everything home.
final class EndRule implements Rule {
  @Override
  public Optional<Decision> decide(RunState s, Policy policy, Instant now) {
    if (s.over() || !Situation.finishing(s, policy) || !s.open().isEmpty()) {
      return Optional.empty();
    }
    boolean kept =
        s.rentals().values().stream()
            .filter(Rental::mayExist)
            .allMatch(r -> leftAsAsked(s, policy, r, now));
    if (!kept) {
      return Optional.empty();
    }
    List<Rental> sunk = s.rentals().values().stream().filter(r -> sunk(s, r)).toList();
    if (!sunk.isEmpty()) {
      return Optional.of(lost(s, sunk, now));
    }
    Ending ending = ending(s);
    String why = why(s, ending);
    List<Fact> facts = new ArrayList<>(volume(s, now));
    facts.add(new Fact.RunEnded(now, ending, why));
    return Optional.of(Decision.note("end", "the run is over", why, facts.toArray(Fact[]::new)));
  }

  /// A volume outlives its boxes, and bills until it is deleted.
  private static List<Fact> volume(RunState s, Instant now) {
    long id = s.spec().box().volume().id();
    if (id == 0 || s.rentals().isEmpty()) {
      return List.of();
    }
    String what = "Volume V.%d, which run %s used, goes on billing".formatted(id, s.spec().run());
    String next =
        "'salvor volumes' lists it; delete it at the platform when nothing on it is wanted.";
    return List.of(new Fact.Announced(now, "volume-" + id, what, next));
  }

  /// A box that still exists, and is meant to.
  private static boolean leftAsAsked(RunState s, Policy policy, Rental r, Instant now) {
    if (Situation.halted(s)) {
      return r.stoppedForGood();
    }
    if (stranded(s, r)) {
      return true;
    }
    boolean home =
        r.held() && r.quiet() instanceof Rental.Quiet.At && s.cargo().unsafe(r.ref()).isEmpty();
    if (Situation.toBeStopped(s, now)) {
      return home && r.stoppedForGood();
    }
    RunSpec.After after = Situation.after(s, policy);
    boolean destroyed = after == RunSpec.After.DESTROY || s.will() instanceof Will.WindDown;
    return !destroyed && home && (after == RunSpec.After.KEEP || r.stoppedForGood());
  }

  /// Left behind and paused, and nobody could look at its disk: a person must say what becomes of
  /// it.
  private static boolean stranded(RunState s, Rental r) {
    return Situation.left(s, r)
        && r.held()
        && r.stoppedForGood()
        && r.salvage() instanceof Rental.Salvage.GivenUp;
  }

  /// It vanished without our doing, and not everything on it was home.
  private static boolean sunk(RunState s, Rental r) {
    boolean vanished = r.hold() instanceof Rental.Hold.Gone && !r.marks().eraseAccepted();
    boolean newest = s.current().map(c -> c.ref().equals(r.ref())).orElse(false);
    boolean untold = newest && r.aboard().everOrdered() && !(r.quiet() instanceof Rental.Quiet.At);
    return vanished && (untold || !s.cargo().unsafe(r.ref()).isEmpty());
  }

  private static Decision lost(RunState s, List<Rental> sunk, Instant now) {
    String boxes = String.join(", ", sunk.stream().map(r -> r.ref().toString()).toList());
    String what =
        "The box of rental %s vanished before everything on it was home; frontier %s"
            .formatted(boxes, s.cargo().frontier());
    List<Fact> facts = new ArrayList<>(volume(s, now));
    facts.add(new Fact.Announced(now, "sunk", what, "Run it again to go on from the frontier."));
    facts.add(new Fact.RunEnded(now, Ending.PARKED, what));
    return Decision.note("end", "the run is over", what, facts.toArray(Fact[]::new));
  }

  private static Ending ending(RunState s) {
    if (strands(s)) {
      return Ending.PARKED;
    }
    return switch (s.will()) {
      case Will.Halt _ -> nothingIsLeft(s) ? Ending.WOUND_DOWN : Ending.PARKED;
      case Will.WindDown _ when !Situation.endedWell(s) -> Ending.WOUND_DOWN;
      case Will.WindDown _, Will.CarryOn _, Will.LookOn _ ->
          Situation.endedWell(s) ? Ending.DONE : Ending.FAILED;
    };
  }

  private static boolean nothingIsLeft(RunState s) {
    return s.rentals().values().stream().noneMatch(Rental::mayExist);
  }

  private static boolean strands(RunState s) {
    return s.rentals().values().stream().anyMatch(r -> stranded(s, r));
  }

  private static String why(RunState s, Ending ending) {
    return switch (ending) {
      case DONE -> "the job is done and everything it left is safe";
      case FAILED ->
          s.failedTasks().isEmpty()
              ? "the job failed: "
                  + Situation.lastEnd(s).map(EndRule::cause).orElse("it never started")
              : "%s of %d failed"
                  .formatted(numbers(s.failedTasks()), s.spec().job().care().tasks().size());
      case WOUND_DOWN -> woundDown(s);
      case PARKED ->
          strands(s)
              ? "what could be brought home is safe; a paused box is kept, since nobody could look"
                  + " at its disk"
              : "halted by the user: what was rented is stopped and its disk bills on";
    };
  }

  private static String woundDown(RunState s) {
    String by =
        switch (s.will()) {
          case Will.WindDown w -> w.by();
          case Will.Halt h -> h.by();
          case Will.CarryOn _, Will.LookOn _ -> "the user";
        };
    return "ended by " + by;
  }

  /// "task 2", "tasks 2, 5".
  private static String numbers(List<Integer> tasks) {
    String all = String.join(", ", tasks.stream().map(String::valueOf).toList());
    return (tasks.size() == 1 ? "task " : "tasks ") + all;
  }

  private static String cause(Situation.End end) {
    int exit = end.ended().exitCode();
    String next = EndWords.next(exit, end.ended().cause());
    String what = EndWords.what(exit, end.ended().cause());
    return next.isEmpty() ? what : what + ". " + next;
  }
}
