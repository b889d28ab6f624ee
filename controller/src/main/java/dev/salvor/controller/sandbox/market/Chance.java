package dev.salvor.controller.sandbox.market;

import java.util.Random;

/// When a fault that is left to chance comes: at which of its occasions, from a seed.
final class Chance {
  private Chance() {}

  /// Whether it comes at this occasion, counted from 0; the same fault of the same market always at
  /// the same ones.
  static boolean comes(long seed, int fault, long occasion, double probability) {
    if (probability >= 1) {
      return true;
    }
    var random = new Random(seed * 1_000_003 + fault * 7919L + occasion * 104_729L);
    random.nextInt();
    return random.nextDouble() < probability;
  }
}
