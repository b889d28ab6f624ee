package dev.salvor.agent.core;

/// A small seeded generator as a value (SplitMix64), so that the core's dice replay.
public record Jitter(long seed) {
  private static final long STEP = 0x9E3779B97F4A7C15L;

  Jitter next() {
    return new Jitter(seed + STEP);
  }

  /// Evenly from 0 (inclusive) to the bound (exclusive).
  long below(long bound) {
    long z = seed + STEP;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    z = z ^ (z >>> 31);
    return Math.floorMod(z, bound);
  }
}
