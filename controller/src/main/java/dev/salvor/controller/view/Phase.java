package dev.salvor.controller.view;

/// What a run is busy with, in one word.
public enum Phase {
  SEARCHING("looking for a box"),
  RENTING("renting a box"),
  BOOTING("the box is coming up"),
  PREPARING("the box is made ready for its job"),
  STARTING("the job is starting"),
  RESUMING("the job is resuming"),
  TRAINING("training"),
  SUSPECT("the box may be lost"),
  UNKNOWN("the box's state is unknown: nothing is created or destroyed"),
  LOST("the box is lost"),
  RESCUING("rescuing what the paused disk holds"),
  WAITING("waiting for the bid to win again"),
  RAISING("raising the bid"),
  FINISHING("the job has ended: bringing the last files home"),
  DESTROYING("everything is home: giving the box back"),
  WINDING_DOWN("winding down: bringing everything home"),
  HALTING("halting: stopping the meter"),
  DONE("done"),
  FAILED("the job failed, everything it left is home"),
  WOUND_DOWN("ended on request, everything is home"),
  PARKED("parked: a person must act");

  private final String words;

  Phase(String words) {
    this.words = words;
  }

  /// For people.
  public String words() {
    return words;
  }

  /// Nothing more will happen by itself.
  public boolean over() {
    return switch (this) {
      case DONE, FAILED, WOUND_DOWN, PARKED -> true;
      default -> false;
    };
  }
}
