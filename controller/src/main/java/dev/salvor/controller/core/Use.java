package dev.salvor.controller.core;

import java.time.Duration;

/// How a box will be used, as far as an offer's price depends on it.
///
/// @param time how long it is wanted; traffic and boot are spread over it
/// @param down bytes onto it: image, data, a checkpoint to go on from
/// @param up bytes off it: checkpoints and results
public record Use(Duration time, long down, long up) {
  /// Where nobody said: a night.
  public static final Duration TIME = Duration.ofHours(8);

  /// Where nobody said: an image with its CUDA, and as much data.
  public static final long DOWN = 20_000_000_000L;

  /// Where nobody said: some checkpoints, and results.
  public static final long UP = 10_000_000_000L;

  /// What nobody can pay is as good as any other such number.
  private static final long MOST = 1_000_000_000_000_000L;

  /// How often a checkpoint is written of which only the size is known.
  private static final Duration CADENCE = Duration.ofHours(1);

  /// What may go through a platform's proxy, at a few hundred kilobytes a second.
  private static final long MUCH = 1_000_000_000L;

  public static final Use USUAL = new Use(TIME, DOWN, UP);

  public Use {
    if (time.isNegative() || time.isZero() || down < 0 || up < 0) {
      throw new IllegalArgumentException("No use of a box: " + time + ", " + down + ", " + up);
    }
    down = bounded(down);
    up = bounded(up);
  }

  /// As a spec expects it.
  ///
  /// @param onto bytes of a checkpoint that is brought there to go on from; 0 for none
  public static Use of(RunSpec spec, Duration time, long onto) {
    return of(spec.market().sizes(), spec.job().care().checkpointEvery(), time, onto);
  }

  /// As what lies on the disk tells it.
  ///
  /// @param every how often a checkpoint leaves the box; zero where nobody said
  public static Use of(RunSpec.Sizes sizes, Duration every, Duration time, long onto) {
    long said = bounded(sizes.image()) + bounded(sizes.data());
    long one = sizes.checkpoint() > 0 ? sizes.checkpoint() : onto;
    long times = Math.max(1, time.dividedBy(every.isZero() ? CADENCE : every));
    long down = bounded(said > 0 ? said : DOWN) + bounded(onto);
    return new Use(time, down, one > MOST / times ? MOST : one > 0 ? one * times : UP);
  }

  private static long bounded(long bytes) {
    return Math.clamp(bytes, 0, MOST);
  }

  /// Bytes that come off the box by our own line in a usual time, as far as the user told their
  /// size; 0 where he did not.
  public static long told(RunSpec spec) {
    return spec.market().sizes().checkpoint() > 0 ? of(spec, TIME, 0).up() : 0;
  }

  /// Whether so much is to go through one line that the line must be looked at before.
  public static boolean much(long bytes) {
    return bytes > MUCH;
  }

  /// Whether a contract ends before it is over; one that nobody knows does not.
  public boolean outlasts(Duration contract) {
    return !contract.isZero() && contract.compareTo(time) < 0;
  }
}
