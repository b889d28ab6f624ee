package dev.salvor.agent.probe.gate;

import dev.salvor.agent.core.Gate.Promise;
import dev.salvor.agent.core.Gate.Refusal;
import dev.salvor.agent.probe.Statfs;
import java.util.Optional;

/// Whether a disk is as large as was rented, and has room for what the job will write.
final class DiskChecks {
  /// A job that cannot write its first lines is no job.
  private static final long LEAST_BYTES = 64L << 20;

  private static final long LEAST_INODES = 1_000;

  /// File systems keep some of what was rented for themselves.
  private static final double DISK_PROMISE = 0.8;

  private static final long GB = 1_000_000_000L;

  private DiskChecks() {}

  /// Of the disk that was rented.
  static Optional<Refusal> size(String place, Statfs.Room room, Promise promise) {
    return room.totalBytes() < DISK_PROMISE * promise.diskBytes()
        ? Optional.of(
            new Refusal(
                "disk",
                "%.0f GB of disk were rented, and %s has %.0f GB"
                    .formatted(promise.diskBytes() / 1e9, place, room.totalBytes() / 1e9),
                filter(promise.diskBytes())))
        : Optional.empty();
  }

  /// Of a disk that the job writes to.
  ///
  /// @param neededBytes that it is known to want there; 0 where nobody knows
  static Optional<Refusal> room(String place, Statfs.Room room, long neededBytes) {
    long wanted = Math.max(LEAST_BYTES, neededBytes);
    if (room.freeBytes() < wanted) {
      String what =
          neededBytes > LEAST_BYTES
              ? "%.1f GB are free at %s, and the job is to write %.1f GB there before long"
                  .formatted(room.freeBytes() / 1e9, place, neededBytes / 1e9)
              : "%.1f MB are free at %s".formatted(room.freeBytes() / 1e6, place);
      return Optional.of(
          new Refusal("disk", what, filter(room.totalBytes() - room.freeBytes() + wanted)));
    }
    if (room.inodes() > 0 && room.freeInodes() < LEAST_INODES) {
      return Optional.of(
          new Refusal(
              "inodes",
              "%d inodes are free at %s, of %d".formatted(room.freeInodes(), place, room.inodes()),
              GpuChecks.VERIFIED));
    }
    return Optional.empty();
  }

  private static String filter(long bytes) {
    return "disk_space>=%d".formatted(Math.ceilDiv(bytes, GB));
  }
}
