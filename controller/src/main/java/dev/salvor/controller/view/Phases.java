package dev.salvor.controller.view;

import dev.salvor.controller.core.Arm;
import dev.salvor.controller.core.Cargo;
import dev.salvor.controller.core.Effect;
import dev.salvor.controller.core.Rental;
import dev.salvor.controller.core.RunState;
import dev.salvor.controller.core.Sight;
import dev.salvor.controller.core.Verdict;

/// Which phase a run's state is.
final class Phases {
  private Phases() {}

  static Phase of(RunState state) {
    if (state.ended() instanceof RunState.Ended.Yes yes) {
      return switch (yes.ending()) {
        case DONE -> Phase.DONE;
        case FAILED -> Phase.FAILED;
        case WOUND_DOWN -> Phase.WOUND_DOWN;
        case PARKED -> Phase.PARKED;
      };
    }
    return switch (state.will()) {
      case RunState.Will.CarryOn _ -> goingOn(state);
      case RunState.Will.WindDown _ -> Phase.WINDING_DOWN;
      case RunState.Will.Halt _ -> Phase.HALTING;
      case RunState.Will.LookOn _ -> Phase.UNKNOWN;
    };
  }

  private static Phase goingOn(RunState state) {
    return state
        .current()
        .filter(rental -> !rental.marks().givenUp())
        .map(rental -> of(state, rental))
        .orElse(state.isOpen(Effect.Create.class) ? Phase.RENTING : Phase.SEARCHING);
  }

  private static Phase of(RunState state, Rental rental) {
    return switch (rental.hold()) {
      case Rental.Hold.Asked _, Rental.Hold.Unclear _ -> Phase.RENTING;
      case Rental.Hold.Never _ -> Phase.SEARCHING;
      case Rental.Hold.Gone _ ->
          rental.job() instanceof Rental.JobState.Ended ? Phase.FINISHING : Phase.SEARCHING;
      case Rental.Hold.Held _ -> held(state, rental);
    };
  }

  private static Phase held(RunState state, Rental rental) {
    if (state.isOpen(Effect.Destroy.class) || rental.marks().eraseAccepted()) {
      return Phase.DESTROYING;
    }
    return switch (rental.seen().verdict()) {
      case Verdict.Lost _ -> lost(state, rental);
      case Verdict.Unknown _ -> Phase.UNKNOWN;
      case Verdict.Suspect _ -> Phase.SUSPECT;
      case Verdict.Coming _ -> Phase.BOOTING;
      case Verdict.Alive _ -> alive(state, rental);
    };
  }

  private static Phase lost(RunState state, Rental rental) {
    if (state.isOpen(Effect.Rescue.class)) {
      return Phase.RESCUING;
    }
    if (rental.marks().arms().isEmpty()) {
      return Phase.LOST;
    }
    return switch (rental.marks().arms().getLast()) {
      case Arm.WAIT -> Phase.WAITING;
      case Arm.RAISE -> Phase.RAISING;
      case Arm.RELAUNCH -> Phase.SEARCHING;
    };
  }

  private static Phase alive(RunState state, Rental rental) {
    if (rental.seen().sight().is(Sight.Status.STOPPED)
        || rental.seen().sight().is(Sight.Status.OFFLINE)) {
      return Phase.SUSPECT;
    }
    return switch (rental.job()) {
      case Rental.JobState.Running _ -> Phase.TRAINING;
      case Rental.JobState.Ended _ -> Phase.FINISHING;
      case Rental.JobState.Idle _ when state.isOpen(Effect.Prepare.class) -> Phase.PREPARING;
      case Rental.JobState.Idle _ ->
          state.cargo().frontier() instanceof Cargo.Frontier.At ? Phase.RESUMING : Phase.STARTING;
    };
  }
}
