package dev.salvor.agent.core;

/// What may be taken off a disk that fills, in the order in which it is.
public enum Relief {
  /// What the user said is scratch.
  SCRATCH,
  /// Our own links, and what we were about to delete.
  PINS
}
