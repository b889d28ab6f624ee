package dev.salvor.controller.core;

import java.time.Instant;

/// Whether a disk was made fit for its job: its login proven, the user's directory on it.
///
/// @param trouble why the last try failed; empty if none did
/// @param fault where it lies
/// @param since when it was first tried; the far future before that
/// @param notBefore earliest time for the next try
public record Fit(
    boolean made, int failures, String trouble, Fault fault, Instant since, Instant notBefore) {
  static final Fit NOT_TRIED = new Fit(false, 0, "", Fault.NONE, Instant.MAX, Instant.EPOCH);

  Fit tried(Instant at) {
    return new Fit(made, failures, trouble, fault, since.isBefore(at) ? since : at, notBefore);
  }

  Fit done() {
    return new Fit(true, failures, "", Fault.NONE, since, notBefore);
  }

  Fit failed(String why, Fault whose, Instant again) {
    return new Fit(made, failures + 1, why, whose, since, again);
  }

  /// Where the fault lies when a disk could not be made fit.
  public enum Fault {
    NONE,
    /// It may work later.
    PASSING,
    /// Not with this box.
    BOX,
    /// With no box: something on this machine is in the way.
    OURS
  }
}
