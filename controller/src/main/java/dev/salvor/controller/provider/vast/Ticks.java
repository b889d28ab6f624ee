package dev.salvor.controller.provider.vast;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/// Time and chance as the calls need them.
interface Ticks {
  Ticks SYSTEM =
      new Ticks() {
        @Override
        public long nanos() {
          return System.nanoTime();
        }

        @Override
        public void sleep(Duration time) throws InterruptedException {
          Thread.sleep(time);
        }

        @Override
        public double random() {
          return ThreadLocalRandom.current().nextDouble();
        }
      };

  /// Monotonic; only differences mean anything.
  long nanos();

  void sleep(Duration time) throws InterruptedException;

  /// From 0 to just under 1.
  double random();
}
