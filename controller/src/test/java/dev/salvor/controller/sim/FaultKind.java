package dev.salvor.controller.sim;

/// The closed list of what goes wrong. A mix names them in small letters with dashes.
enum FaultKind {
  // The provider.
  RATE_LIMITED,
  ERRORS_BEFORE,
  ERRORS_AFTER,
  LOST_REPLIES,
  PROVIDER_MUTE,
  STALE_LIST,
  /// A complete-looking list that lacks some rentals.
  LISTS_LACK,
  LATE_REQUESTS,
  /// A start is queued and fires minutes later, whatever was asked since.
  QUEUED_STARTS,
  SLOW_STARTS,
  LOADS_FOREVER,
  OUTBID,
  PRICES_RISE,
  PRICES_FALL,
  /// Stopped for good; deleted later, unread or not.
  CONTRACT_ENDS,

  // The network.
  /// Nothing passes between here and any box.
  PARTITION,
  /// What boxes say is lost.
  CUT_UP,
  /// What is said to boxes is lost.
  CUT_DOWN,
  /// Both ends of one line think that it is up.
  HALF_OPEN,
  FRAME_LOSS,
  DELAY,
  /// The workstation has no network at all.
  OFFLINE_HERE,
  SLOW_COPY,
  COPY_BREAKS,
  LOGIN_FAILS,

  // Disks.
  DISK_FULL,
  /// The newest checkpoint is torn as its box restarts.
  TORN_WRITE,
  /// A host loses power: what was not flushed is gone.
  POWER_LOSS,
  TARGET_FULL,
  /// A proven copy is gone from the target.
  TARGET_ROTS,
  JOURNAL_FAILS,

  // The workstation.
  CONTROLLER_KILL,
  CRASH_BEFORE_APPEND,
  CRASH_AFTER_APPEND,
  LONG_AWAY,
  LAPTOP_SLEEPS,
  CLOCK_JUMPS,

  // Hosts and what runs on them.
  HOST_OFFLINE,
  HOST_GONE,
  /// A box that was stopped for good runs again, by nobody's doing here.
  OLD_RETURNS,
  AGENT_KILL,
  AGENT_DIES,
  JOB_KILL,
  /// A copy of the disk speaks as the same box.
  CLONE,
  LIES,

  // People.
  OWNER_STOP,
  OWNER_DELETES,
  USER_WINDS_DOWN,
  USER_HALTS,
  USER_APPROVES,
  USER_ABANDONS,
  USER_ACKNOWLEDGES,
  USER_ASKS,
  USER_EDITS_BUDGET,
  USER_GIVES_UP_CARGO
}
