package dev.salvor.controller.core;

import java.time.Instant;

/// Whether a disk was made fit for its job: its login proven, the user's directory on it; and on a
/// box that somebody else rented, the agent too.
///
/// @param foreign it was started by its owner, and not by us
/// @param trouble why the last try failed; empty if none did
/// @param fault where it lies
/// @param since when it was first tried; the far future before that
/// @param notBefore earliest time for the next try
public record Fit(
    boolean foreign,
    boolean made,
    int failures,
    String trouble,
    Fault fault,
    Instant since,
    Instant notBefore) {
  static final Fit NOT_TRIED = new Fit(false, false, 0, "", Fault.NONE, Instant.MAX, Instant.EPOCH);

  static final Fit FOREIGN = new Fit(true, false, 0, "", Fault.NONE, Instant.MAX, Instant.EPOCH);

  Fit tried(Instant at) {
    return new Fit(
        foreign, made, failures, trouble, fault, since.isBefore(at) ? since : at, notBefore);
  }

  Fit done(Instant again) {
    return new Fit(foreign, true, failures, "", Fault.NONE, since, again);
  }

  Fit failed(String why, Fault whose, Instant again) {
    return new Fit(foreign, made, failures + 1, why, whose, since, again);
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
