package dev.salvor.controller.e2e;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/// Waits for what other processes do, with a deadline.
final class Until {
  /// Looking through all processes costs; the story needs the processors too.
  private static final long POLL_NANOS = 50_000_000;

  private Until() {}

  static void holds(String what, Duration most, Callable<Boolean> condition) throws Exception {
    Object _ = given(what, most, () -> condition.call() ? Optional.of(what) : Optional.empty());
  }

  /// The first value that comes.
  static <T> T given(String what, Duration most, Callable<Optional<T>> source) throws Exception {
    long deadline = System.nanoTime() + most.toNanos();
    while (true) {
      Optional<T> found = source.call();
      if (found.isPresent()) {
        return found.get();
      }
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError("not within " + most + ": " + what + Place.tellings());
      }
      LockSupport.parkNanos(POLL_NANOS);
    }
  }
}
