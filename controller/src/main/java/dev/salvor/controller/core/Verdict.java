package dev.salvor.controller.core;

/// What the evidence says about a box, taken together. On unknown, nothing is created or destroyed.
public sealed interface Verdict {

  /// Not enough evidence, or the controller itself may be what is broken.
  record Unknown(String why) implements Verdict {}

  /// Rented, not yet heard from.
  record Coming() implements Verdict {}

  /// It speaks.
  record Alive() implements Verdict {}

  /// Silent for three beats; the provider still says it runs.
  record Suspect(String why) implements Verdict {}

  /// Silent, and the provider says why.
  record Lost(Cause cause, String why) implements Verdict {}

  /// Why a box is lost.
  enum Cause {
    OUTBID,
    STOPPED,
    HOST_OFFLINE,
    GONE
  }
}
