package dev.salvor.controller.core;

/// What its user says that a line of a job's log means.
///
/// @param match a pattern that is found somewhere in the line
/// @param answer what is done about it
/// @param times how often in the run, at most; after that its user is told, and no more is done
public record LogPolicy(String match, Answer answer, int times) {
  public static final int MOST_TIMES = 100;

  public LogPolicy {
    if (times < 1 || times > MOST_TIMES) {
      throw new IllegalArgumentException("A policy is followed 1 to 100 times: " + times);
    }
  }

  /// What can be done about a line.
  public enum Answer {
    /// End the job if it runs on, and start it again on its box.
    RESTART,
    /// Bring everything home and end the run.
    STOP,
    /// Ask the job for a checkpoint.
    CHECKPOINT,
    /// Tell the user, until he acknowledges it.
    NOTIFY,
    /// Leave the box in order, and go on on another machine.
    LEAVE
  }
}
