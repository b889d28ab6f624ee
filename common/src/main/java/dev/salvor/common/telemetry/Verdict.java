package dev.salvor.common.telemetry;

/// What captured telemetry amounts to, in the words of the shared collection of samples. From good
/// to bad.
public enum Verdict {
  /// A counter that answers one question, and the answer is good.
  OK,
  /// Whole, and tells of nothing that lasts.
  PARSE_OK,
  /// Whole, but a number that one needs is not to be had here (N/A, Not Supported).
  FIELD_NA,
  /// Whole, but a number that should be there failed (ERR!, Unknown Error).
  FIELD_ERROR,
  /// Whole, and tells of a fault.
  PARSE_OK_FAULT,
  /// At its limit a task will freeze instead of being killed.
  OOM_KILL_DISABLED,
  /// The kernel has killed something for its memory.
  OOM_KILLED,
  /// A card works with damaged memory.
  GPU_DEGRADED,
  /// Some cards cannot be used, others can.
  GPU_PARTIAL,
  /// No card can be used.
  GPU_UNUSABLE,
  /// Cut off, garbage, or nothing that is known here.
  PARSE_ERROR;

  /// Nothing to do about it.
  public boolean fine() {
    return this == OK || this == PARSE_OK;
  }

  /// The one that matters more of two about the same box.
  public Verdict worse(Verdict other) {
    return compareTo(other) >= 0 ? this : other;
  }
}
