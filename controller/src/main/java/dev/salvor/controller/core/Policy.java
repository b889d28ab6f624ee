package dev.salvor.controller.core;

import dev.salvor.common.unit.Usd;
import dev.salvor.common.unit.UsdPerHour;
import java.time.Duration;

/// The numbers that decisions depend on and a user may turn.
///
/// @param worth what time and prices are reckoned at when arms are compared
/// @param caps what all runs together may cost
/// @param unattended what boxes may do when no controller answers
public record Policy(
    Patience patience, Restarts restarts, Worth worth, Caps caps, Unattended unattended) {

  /// Of a pause; more is waiting for nothing.
  private static final int MOST_DOUBLINGS = 8;

  public static final Policy DEFAULT =
      new Policy(
          new Patience(
              Duration.ofSeconds(60),
              Duration.ofMinutes(15),
              Duration.ofMinutes(6),
              Duration.ofSeconds(60),
              Duration.ofSeconds(30),
              Duration.ofHours(1),
              Duration.ofSeconds(10)),
          new Restarts(2, Duration.ofSeconds(15), false),
          new Worth(1.1, Duration.ofHours(1), Duration.ofMinutes(3), UsdPerHour.of(0.20)),
          Caps.NONE,
          Unattended.DEFAULT);

  public Policy with(Patience next) {
    return new Policy(next, restarts, worth, caps, unattended);
  }

  public Policy with(Restarts next) {
    return new Policy(patience, next, worth, caps, unattended);
  }

  public Policy with(Caps next) {
    return new Policy(patience, restarts, worth, next, unattended);
  }

  public Policy with(Unattended next) {
    return new Policy(patience, restarts, worth, caps, next);
  }

  /// How long things may take.
  ///
  /// @param offers older ones are asked for again before one is taken
  /// @param loading a rental that has not spoken by then is given up
  /// @param login a box that speaks and cannot be logged in to by then is given up
  /// @param raise a raised box that does not run by then is given up
  /// @param scheduling a raised box whose GPU the platform still looks for by then is given up
  /// @param rival a box waited for so long is given up
  /// @param stop what a job gets between SIGTERM and SIGKILL
  public record Patience(
      Duration offers,
      Duration loading,
      Duration login,
      Duration raise,
      Duration scheduling,
      Duration rival,
      Duration stop) {
    public Patience loading(Duration next) {
      return new Patience(offers, next, login, raise, scheduling, rival, stop);
    }
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

  /// What time and prices are reckoned at.
  ///
  /// @param bidMargin what we bid over the lowest bid that runs, as a factor
  /// @param horizon how far ahead the prices of two arms are compared
  /// @param coming how long a new box takes until its job runs, while none was measured
  /// @param delay what an hour without progress is worth to the user
  public record Worth(double bidMargin, Duration horizon, Duration coming, UsdPerHour delay) {}

  /// What all runs of the fleet together may cost; zero for as much as their own budgets allow.
  ///
  /// @param day from midnight to midnight, UTC
  /// @param all since the fleet began
  public record Caps(Usd day, Usd all) {
    public static final Caps NONE = new Caps(Usd.ZERO, Usd.ZERO);
  }
}
