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
/// @param refusal why the box itself found that it cannot run the job
public record Fit(
    boolean foreign,
    boolean made,
    int failures,
    String trouble,
    Fault fault,
    Instant since,
    Instant notBefore,
    Refusal refusal) {
  static final Fit NOT_TRIED =
      new Fit(false, false, 0, "", Fault.NONE, Instant.MAX, Instant.EPOCH, Refusal.NONE);

  static final Fit FOREIGN =
      new Fit(true, false, 0, "", Fault.NONE, Instant.MAX, Instant.EPOCH, Refusal.NONE);

  Fit tried(Instant at) {
    return new Fit(
        foreign,
        made,
        failures,
        trouble,
        fault,
        since.isBefore(at) ? since : at,
        notBefore,
        refusal);
  }

  Fit done(Instant again) {
    return new Fit(foreign, true, failures, "", Fault.NONE, since, again, refusal);
  }

  Fit failed(String why, Fault whose, Instant again) {
    return new Fit(foreign, made, failures + 1, why, whose, since, again, refusal);
  }

  Fit refused(Refusal why) {
    return new Fit(foreign, made, failures, trouble, fault, since, notBefore, why);
  }

  /// What a box says of itself before its job.
  ///
  /// @param boot on which boot; 0 where it said nothing of the kind
  public record Refusal(int boot, String check, String evidence, String filter) {
    static final Refusal NONE = new Refusal(0, "", "", "");

    public boolean made() {
      return boot > 0;
    }
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
