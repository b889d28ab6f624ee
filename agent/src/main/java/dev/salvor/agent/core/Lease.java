package dev.salvor.agent.core;

/// What the box may spend without a controller, as it is remembered over restarts: times by the
/// box's own wall clock, ms since the epoch.
///
/// @param untilMs when it ends; 0 before the first one was granted
/// @param leftMs how long that was when it was granted: a clock that was set back gives no more
/// @param graceMs how long the box may stay up without a job
/// @param startsAlone whether a box that came back may start its job without an order
/// @param idleSinceMs since when it has had neither job nor controller; 0 while it has one
public record Lease(
    long untilMs, long leftMs, long graceMs, boolean startsAlone, long idleSinceMs) {
  /// Of a box that no controller has spoken to yet: as long as one without a job (the controller's
  /// own default).
  static final long FIRST_MS = 2 * 3_600_000L;

  public static final Lease NONE = new Lease(0, FIRST_MS, FIRST_MS, true, 0);

  Lease withIdleSince(long ms) {
    return new Lease(untilMs, leftMs, graceMs, startsAlone, ms);
  }
}
