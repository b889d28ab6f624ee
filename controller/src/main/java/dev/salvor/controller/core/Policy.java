package dev.salvor.controller.core;

import dev.salvor.common.unit.UsdPerHour;
import java.time.Duration;

/// The numbers that decisions depend on and a user may turn.
///
/// @param offersFresh offers older than this are asked for again before one is taken
/// @param loadingDeadline a rental that has not spoken by then is given up
/// @param loginDeadline a box that speaks and cannot be logged in to by then is given up
/// @param raiseDeadline a raised box that does not run by then is given up
/// @param waitDeadline a box waited for so long is given up
/// @param stopGrace what a job gets between SIGTERM and SIGKILL
/// @param restarts when a job that ended is started again
/// @param bidMargin what we bid over the lowest bid that runs, as a factor
/// @param horizon how far ahead the prices of two arms are compared
/// @param coming how long a new box takes until its job runs
/// @param delay what an hour without progress is worth to the user
/// @param unattended what boxes may do when no controller answers
public record Policy(
    Duration offersFresh,
    Duration loadingDeadline,
    Duration loginDeadline,
    Duration raiseDeadline,
    Duration waitDeadline,
    Duration stopGrace,
    Restarts restarts,
    double bidMargin,
    Duration horizon,
    Duration coming,
    UsdPerHour delay,
    Unattended unattended) {

  /// Of a pause; more is waiting for nothing.
  private static final int MOST_DOUBLINGS = 8;

  public static final Policy DEFAULT =
      new Policy(
          Duration.ofSeconds(60),
          Duration.ofMinutes(15),
          Duration.ofMinutes(6),
          Duration.ofSeconds(60),
          Duration.ofHours(1),
          Duration.ofSeconds(10),
          new Restarts(2, Duration.ofSeconds(15), false),
          1.1,
          Duration.ofHours(1),
          Duration.ofMinutes(3),
          UsdPerHour.of(0.20),
          Unattended.DEFAULT);

  public Policy with(Unattended next) {
    return new Policy(
        offersFresh,
        loadingDeadline,
        loginDeadline,
        raiseDeadline,
        waitDeadline,
        stopGrace,
        restarts,
        bidMargin,
        horizon,
        coming,
        delay,
        next);
  }

  public Policy loading(Duration deadline) {
    return new Policy(
        offersFresh,
        deadline,
        loginDeadline,
        raiseDeadline,
        waitDeadline,
        stopGrace,
        restarts,
        bidMargin,
        horizon,
        coming,
        delay,
        unattended);
  }

  /// When a job that ended by no fault of its own is started again on its box.
  ///
  /// @param most times on one rental
  /// @param pause before the first; it doubles with each
  /// @param hung also end and start again a job that hangs
  public record Restarts(int most, Duration pause, boolean hung) {
    /// After so many starts more.
    public Duration pauseAfter(int restarts) {
      return pause.multipliedBy(1L << Math.clamp(restarts, 0, MOST_DOUBLINGS));
    }
  }
}
