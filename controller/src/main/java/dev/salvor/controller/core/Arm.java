package dev.salvor.controller.core;

/// The three things to do about a rental that was outbid or stopped.
public enum Arm {
  /// Keep the disk and wait for the bid to win again.
  WAIT,
  /// Bid more for the same box.
  RAISE,
  /// Give the box up and go on elsewhere from the frontier.
  RELAUNCH
}
