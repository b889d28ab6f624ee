package dev.salvor.controller.cli;

import dev.salvor.controller.desk.DeskException;
import dev.salvor.controller.view.Phase;

/// What the process tells whoever started it. Documented in docs/reference/cli.md.
public enum Exit {
  OK(0, "everything went well"),
  INTERNAL(1, "salvor itself failed; its log says where"),
  USAGE(2, "the command or its input was not understood"),
  REFUSED(3, "understood and refused: no permit, or the verdict does not allow it"),
  NOT_FOUND(4, "no such run, rental, notice or controller"),
  JOB_FAILED(5, "the job failed; everything it left is home"),
  PARKED(6, "the run cannot go on by itself: a person must act"),
  PLATFORM(7, "the marketplace refused or did not answer"),
  ENVIRONMENT(
      69,
      "this machine does not let it: a port in use, an unreadable directory, a full disk, a missing"
          + " tool"),
  INTERRUPTED(130, "ended by Ctrl-C");

  private final int code;
  private final String meaning;

  Exit(int code, String meaning) {
    this.code = code;
    this.meaning = meaning;
  }

  public int code() {
    return code;
  }

  public String meaning() {
    return meaning;
  }

  /// What a number that a process of ours ended with means.
  static String explain(int code) {
    for (Exit exit : values()) {
      if (exit.code == code) {
        return exit.meaning;
      }
    }
    return code > 128 ? "ended by signal " + (code - 128) : "no exit status of ours";
  }

  static Exit of(DeskException.Kind kind) {
    return switch (kind) {
      case BAD_REQUEST -> USAGE;
      case NOT_FOUND, NO_CONTROLLER -> NOT_FOUND;
      case REFUSED -> REFUSED;
      case IN_USE, ENVIRONMENT -> ENVIRONMENT;
      case LOST, INTERNAL -> INTERNAL;
    };
  }

  /// How a run that was attached to ended.
  static Exit of(Phase phase) {
    return switch (phase) {
      case FAILED -> JOB_FAILED;
      case PARKED -> PARKED;
      default -> OK;
    };
  }
}
