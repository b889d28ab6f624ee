package dev.salvor.controller.core.rule;

import dev.salvor.controller.core.Decision;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.core.Fact.Ending;
import dev.salvor.controller.core.Policy;
import dev.salvor.controller.core.Rental;
import dev.salvor.controller.core.RunSpec;
import dev.salvor.controller.core.RunState;
import dev.salvor.controller.core.RunState.Will;
import java.time.Instant;
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
        s.rentals().values().stream().filter(Rental::mayExist).allMatch(r -> leftAsAsked(s, r));
    if (!kept) {
      return Optional.empty();
    }
    Ending ending = ending(s);
    String why = why(s, ending);
    return Optional.of(
        Decision.note("end", "the run is over", why, new Fact.RunEnded(now, ending, why)));
  }

  /// A box that still exists, and is meant to.
  private static boolean leftAsAsked(RunState s, Rental r) {
    if (Situation.halted(s)) {
      return r.stoppedForGood();
    }
    boolean destroyed =
        s.spec().finish().after() == RunSpec.After.DESTROY || s.will() instanceof Will.WindDown;
    return !destroyed
        && r.held()
        && r.quiet() instanceof Rental.Quiet.At
        && s.cargo().unsafe(r.ref()).isEmpty()
        && (s.spec().finish().after() == RunSpec.After.KEEP || r.stoppedForGood());
  }

  private static Ending ending(RunState s) {
    return switch (s.will()) {
      case Will.Halt _ -> Ending.PARKED;
      case Will.WindDown _ when !endedWell(s) -> Ending.WOUND_DOWN;
      case Will.WindDown _, Will.CarryOn _ -> endedWell(s) ? Ending.DONE : Ending.FAILED;
    };
  }

  private static boolean endedWell(RunState s) {
    return Situation.lastEnd(s).map(end -> end.ended().well()).orElse(false);
  }

  private static String why(RunState s, Ending ending) {
    return switch (ending) {
      case DONE -> "the job is done and everything it left is safe";
      case FAILED ->
          "the job failed: " + Situation.lastEnd(s).map(EndRule::cause).orElse("it never started");
      case WOUND_DOWN -> "ended by " + (s.will() instanceof Will.WindDown w ? w.by() : "the user");
      case PARKED -> "halted by the user: what was rented is stopped and its disk bills on";
    };
  }

  private static String cause(Situation.End end) {
    return end.ended().cause() + ", exit status " + end.ended().exitCode();
  }
}
