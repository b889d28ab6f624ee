package dev.salvor.controller.sandbox.box;

/// What this machine sees of a box.
public enum BoxState {
  /// Its process lives, its root is still being made.
  STARTING,
  UP,
  DOWN
}
