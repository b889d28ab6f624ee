package dev.salvor.agent.core;

/// Where the job of this boot stands.
public sealed interface JobPhase {
  /// Not looked yet whether one runs from before this agent.
  record Unknown() implements JobPhase {}

  /// None runs, and none was started on this boot.
  record Idle() implements JobPhase {}

  /// It is being seen whether the box is fit for it.
  ///
  /// @param alone nobody gave the order: it goes on from what lies here
  record Gating(boolean alone) implements JobPhase {}

  /// A unit is being brought back; a try that failed is repeated at `retryAt` (monotonic ms, 0
  /// while a try is under way).
  record Restoring(int attempt, long retryAt) implements JobPhase {}

  /// The shim was told to start it.
  record Starting() implements JobPhase {}

  /// It runs.
  record Running(long pid, Progress progress) implements JobPhase {}

  /// It ended.
  record Ended(Progress progress) implements JobPhase {}

  /// Whether something writes, or is about to.
  default boolean busy() {
    return switch (this) {
      case Unknown _, Gating _, Restoring _, Starting _, Running _ -> true;
      case Idle _, Ended _ -> false;
    };
  }
}
