package dev.salvor.controller.provider.vast;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/// Lets one call of an endpoint through at a time, and not sooner after the last than the platform
/// wants.
final class Pacer {
  private final Pacing pacing;
  private final Ticks ticks;
  private final Map<Endpoint, Gate> gates = new EnumMap<>(Endpoint.class);

  Pacer(Pacing pacing, Ticks ticks) {
    this.pacing = pacing;
    this.ticks = ticks;
    for (Endpoint endpoint : Endpoint.values()) {
      gates.put(endpoint, new Gate());
    }
  }

  /// Waits for the turn; empty if it would come only after the deadline. The caller closes it, on
  /// the same thread.
  Optional<Turn> enter(Endpoint endpoint, long deadlineNanos) throws InterruptedException {
    Gate gate = gateOf(endpoint);
    if (!gate.lock.tryLock(Math.max(0, deadlineNanos - ticks.nanos()), TimeUnit.NANOSECONDS)) {
      return Optional.empty();
    }
    boolean entered = false;
    try {
      long wait = gate.open ? 0 : Math.max(0, gate.nextNanos - ticks.nanos());
      if (ticks.nanos() + wait - deadlineNanos > 0) {
        return Optional.empty();
      }
      if (wait > 0) {
        ticks.sleep(Duration.ofNanos(wait));
      }
      gate.holdFor(threshold(endpoint));
      entered = true;
      return Optional.of(new Turn(gate.lock));
    } finally {
      if (!entered) {
        gate.lock.unlock();
      }
    }
  }

  /// The least time between two calls here; zero when unpaced.
  Duration threshold(Endpoint endpoint) {
    return pacing == Pacing.NONE ? Duration.ZERO : endpoint.threshold();
  }

  /// The platform found a call too early: the next one waits at least as long as its penalty. Only
  /// for who has the turn.
  void penalise(Endpoint endpoint) {
    if (pacing != Pacing.NONE) {
      gateOf(endpoint).holdFor(endpoint.penalty());
    }
  }

  private Gate gateOf(Endpoint endpoint) {
    Gate gate = gates.get(endpoint);
    if (gate == null) {
      throw new IllegalStateException("Every endpoint has a gate: " + endpoint);
    }
    return gate;
  }

  /// Leave to send one call.
  record Turn(ReentrantLock lock) implements AutoCloseable {
    @Override
    public void close() {
      lock.unlock();
    }
  }

  private final class Gate {
    private final ReentrantLock lock = new ReentrantLock(true);
    private boolean open = true;
    private long nextNanos;

    private void holdFor(Duration time) {
      open = false;
      nextNanos = ticks.nanos() + time.toNanos();
    }
  }
}
