package dev.salvor.agent.core;

import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.checkpoint.UnitId;

/// An event the controller must learn of: kept on disk until it has.
public sealed interface Report {
  /// The job runs.
  record JobStarted(int boot, long pid, boolean adopted) implements Report {}

  /// The job ended.
  record JobEnded(int boot, JobEnd end) implements Report {}

  /// A complete unit lies on the disk.
  record UnitSeen(Unit unit) implements Report {}

  /// A complete unit lies on the disk that cannot be told whole.
  record UnitRefused(UnitId unit, String root, String why) implements Report {}

  /// Nothing writes any more, and every unit up to the position was reported.
  record Quiesced(int boot, long position, boolean jobEverStarted) implements Report {}

  /// The unit lies on the disk, ready to resume from.
  record Restored(UnitId unit) implements Report {}

  /// The lease lapsed: the platform is asked to stop this box.
  record SelfStopped(int boot, String why) implements Report {}

  /// An order could not be carried out.
  record OrderFailed(String orderId, String why) implements Report {}
}
