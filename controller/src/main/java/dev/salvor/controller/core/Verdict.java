package dev.salvor.controller.core;

/// What the evidence says about a box, taken together. On unknown, nothing is created or destroyed.
public sealed interface Verdict {

  /// Not enough evidence, or the controller itself may be what is broken.
  record Unknown(String why) implements Verdict {
    @Override
    public String toString() {
      return "unknown: " + why;
    }
  }

  /// Rented, not yet heard from.
  record Coming() implements Verdict {
    @Override
    public String toString() {
      return "coming";
    }
  }

  /// It speaks.
  record Alive() implements Verdict {
    @Override
    public String toString() {
      return "alive";
    }
  }

  /// Silent for three beats; the provider still says it runs.
  record Suspect(String why) implements Verdict {
    @Override
    public String toString() {
      return "suspect: " + why;
    }
  }

  /// Silent, and the provider says why.
  record Lost(Cause cause, String why) implements Verdict {
    @Override
    public String toString() {
      return "lost, " + cause + ": " + why;
    }
  }

  /// Why a box is lost.
  enum Cause {
    OUTBID,
    STOPPED,
    HOST_OFFLINE,
    GONE,
    /// Its contract came to its end.
    CONTRACT_EXPIRED,
    /// Its container ended by itself.
    CONTAINER_EXITED
  }
}
