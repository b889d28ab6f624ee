package dev.salvor.agent.core;

import java.util.Optional;

/// Whether a disk has room for the next checkpoint, judged from bytes and inodes. Pure.
final class RoomRule {
  /// A trainer writes the new one before it deletes the old one, and other files beside.
  private static final double FACTOR = 1.5;

  /// Room is there again from so much more on, so that a judgement does not flicker.
  private static final double EASY = 1.25;

  /// Below this much of a disk, or these amounts, anything may fail.
  private static final double FLOOR_SHARE = 0.02;

  private static final long FLOOR_BYTES = 64L << 20;
  private static final long FLOOR_INODES = 1_000;

  /// Logs, temporary files and directories that come with a checkpoint.
  private static final long SPARE_INODES = 16;

  /// A disk that is this far from full is not about to be, whatever it did in the last minute.
  private static final long SOON_MS = 600_000;

  private RoomRule() {}

  /// What is short.
  enum Lack {
    BYTES,
    INODES
  }

  /// How fast it fills.
  ///
  /// @param bytesPerMs 0 where it does not, or nobody knows yet
  record Pace(double bytesPerMs, double inodesPerMs) {
    static final Pace UNKNOWN = new Pace(0, 0);
  }

  /// What the disk is short of; empty while there is room.
  ///
  /// @param already whether it was short before: then more is asked until it is not
  static Optional<Lack> judge(Disk disk, Need need, Pace pace, boolean already) {
    double easy = already ? EASY : 1;
    if (disk.freeBytes() < easy * wantedBytes(disk, need)
        || full(disk.freeBytes(), pace.bytesPerMs(), need)) {
      return Optional.of(Lack.BYTES);
    }
    boolean counted = disk.inodes() > 0;
    if (counted
        && (disk.freeInodes() < easy * wantedInodes(disk, need)
            || full(disk.freeInodes(), pace.inodesPerMs(), need))) {
      return Optional.of(Lack.INODES);
    }
    return Optional.empty();
  }

  static double wantedBytes(Disk disk, Need need) {
    double floor = Math.min(FLOOR_BYTES, FLOOR_SHARE * disk.totalBytes());
    return disk.checkpoints() ? Math.max(floor, FACTOR * need.bytes()) : floor;
  }

  static double wantedInodes(Disk disk, Need need) {
    double floor = Math.min(FLOOR_INODES, FLOOR_SHARE * disk.inodes());
    boolean known = disk.checkpoints() && need.files() > 0;
    return known ? Math.max(floor, FACTOR * need.files() + SPARE_INODES) : floor;
  }

  /// At its pace it is full before the next checkpoint is due, and soon.
  private static boolean full(long free, double perMs, Need need) {
    return need.everyMs() > 0 && perMs > 0 && free / perMs < Math.min(SOON_MS, need.everyMs());
  }
}
