package dev.salvor.controller.sandbox.market;

/// Why an instance that is not running is not running; some causes pass by themselves.
enum Cause {
  NONE,
  OUTBID,
  QUEUED,
  HOST,
  STOPPED,
  LOW_BID,
  ENDED,
  FAILED,
  EXPIRED,
  NO_CREDIT;

  /// Whether the platform starts the instance again when it can, as long as its user wants it to
  /// run.
  boolean passes() {
    return switch (this) {
      case OUTBID, QUEUED, HOST -> true;
      case NONE, STOPPED, LOW_BID, ENDED, FAILED, EXPIRED, NO_CREDIT -> false;
    };
  }
}
