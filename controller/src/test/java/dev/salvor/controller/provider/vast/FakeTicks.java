package dev.salvor.controller.provider.vast;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Time that passes only in sleeps, and remembers them.
final class FakeTicks implements Ticks {
  final List<Duration> sleeps = new ArrayList<>();
  private long nanos = Long.MAX_VALUE - 5;

  @Override
  public long nanos() {
    return nanos;
  }

  @Override
  public void sleep(Duration time) {
    sleeps.add(time);
    pass(time);
  }

  @Override
  public double random() {
    return 0.5;
  }

  void pass(Duration time) {
    nanos += time.toNanos();
  }
}
