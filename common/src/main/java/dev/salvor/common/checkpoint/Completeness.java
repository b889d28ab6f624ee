package dev.salvor.common.checkpoint;

/// How sure it is that a unit was finished by its writer.
public enum Completeness {
  /// The framework's commit rule holds, or its rename into place was seen.
  COMMITTED,
  /// Quiet, no writer, two equal hashes. Never allows pruning.
  INFERRED
}
