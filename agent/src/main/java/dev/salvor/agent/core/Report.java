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

  /// Nothing writes any more, and every unit up to the position was reported.
  record Quiesced(int boot, long position, boolean jobEverStarted) implements Report {}

  /// The unit lies on the disk, ready to resume from.
  record Restored(UnitId unit) implements Report {}

  /// The lease lapsed: the platform is asked to stop this box.
  record SelfStopped(int boot, String why) implements Report {}

  /// An order could not be carried out.
  record OrderFailed(String orderId, String why) implements Report {}

  /// Something that a person should know of and perhaps do something about. One key is told once.
  record Notice(String key, String what, String next) implements Report {}
}
