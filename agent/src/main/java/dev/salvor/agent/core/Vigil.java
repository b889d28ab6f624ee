package dev.salvor.agent.core;

import dev.salvor.common.telemetry.Reading;
import java.util.List;
import java.util.Optional;

/// The signs of life of the running job, and the judgement on them: a job that hangs is told from
/// one that is slow. Times are of the monotonic clock, in ms.
///
/// @param movedAt when its log, a step or a checkpoint last went on
/// @param longestGap the longest time between two such signs, while it moved
/// @param cpuMs processor time as last told
/// @param workedAt when it last used a processor for real
/// @param gpu what the GPUs' readings say
/// @param gpuAt when they said so
/// @param asked the open question for a checkpoint
/// @param threads of its processes together, as last told
record Vigil(
    long movedAt,
    long longestGap,
    long cpuMs,
    long workedAt,
    Gpu gpu,
    long gpuAt,
    Asked asked,
    int threads) {
  /// Silence shorter than this is no news: compiling, loading and evaluating take as long.
  static final long QUIET_MS = 600_000;

  /// A job that was silent so many times longer than ever before is odd.
  static final int GAPS = 4;

  /// Deadlocked ranks spin: a job that only computes is not believed for longer than this many
  /// quiet times.
  static final int SPINNING = 6;

  /// Used since the last look, of one processor: less is a process that waits.
  static final double WORKING = 0.05;

  /// Readings older than this say nothing of now.
  static final long STALE_MS = 60_000;

  /// What the GPUs do, by utilisation, power and clock together; never by utilisation alone.
  enum Gpu {
    UNKNOWN,
    IDLE,
    BUSY
  }

  /// Whether the job was asked for a checkpoint, and did not answer yet.
  ///
  /// @param orderId whose question it is
  /// @param at 0 for not asked
  record Asked(String orderId, long at) {
    /// In place of an order: nobody else asked.
    static final String OWN = "";

    static final Asked NOT = new Asked(OWN, 0);
  }

  static Vigil from(long now) {
    return new Vigil(now, 0, 0, now, Gpu.UNKNOWN, now, Asked.NOT, 0);
  }

  Vigil moved(long now) {
    long gap = Math.max(longestGap, now - movedAt);
    return new Vigil(now, gap, cpuMs, workedAt, gpu, gpuAt, asked, threads);
  }

  /// The total falls when a process of the job ends: that is a sign of life too.
  Vigil pulse(long total, long sinceMs, long now) {
    boolean worked = total < cpuMs || total - cpuMs > WORKING * sinceMs;
    return new Vigil(
        movedAt, longestGap, total, worked ? now : workedAt, gpu, gpuAt, asked, threads);
  }

  Vigil seen(List<Reading> readings, long now) {
    return new Vigil(
        movedAt, longestGap, cpuMs, workedAt, Gpus.judge(readings), now, asked, threads);
  }

  Vigil with(Asked next) {
    return new Vigil(movedAt, longestGap, cpuMs, workedAt, gpu, gpuAt, next, threads);
  }

  Vigil with(int counted) {
    return new Vigil(movedAt, longestGap, cpuMs, workedAt, gpu, gpuAt, asked, counted);
  }

  /// How long it may be silent.
  long patience() {
    return Math.max(QUIET_MS, GAPS * longestGap);
  }

  /// Why it is thought to hang; empty while it moves, or may only be slow.
  Optional<String> stalled(long now) {
    long silent = now - movedAt;
    if (silent < patience()) {
      return Optional.empty();
    }
    String since = "no new log line and no checkpoint for %d min".formatted(silent / 60_000);
    boolean working = now - workedAt < patience();
    Gpu gpus = now - gpuAt < STALE_MS ? gpu : Gpu.UNKNOWN;
    if (!working && gpus != Gpu.BUSY) {
      String idle = gpus == Gpu.IDLE ? ", and its GPUs idle by use, power and clock" : "";
      return Optional.of(since + "; its processes wait" + idle);
    }
    if (silent >= SPINNING * patience()) {
      return Optional.of(since + ", though it computes: a deadlock can spin");
    }
    return Optional.empty();
  }
}
