package dev.salvor.common.checkpoint;

/// What a cargo unit is to the job.
public enum UnitKind {
  /// A complete training state at a step.
  CHECKPOINT,
  /// Files the job leaves that are no checkpoint.
  RESULTS
}
