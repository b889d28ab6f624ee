package dev.salvor.controller.provider.vast;

import dev.salvor.common.unit.InstanceId;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Which rentals we asked to run so lately that their old `exited` may still show.
final class Starts {
  /// Nobody has published a figure.
  private static final Duration GRACE = Duration.ofMinutes(2);

  private final Ticks ticks;
  private final Map<InstanceId, Long> atNanos = new ConcurrentHashMap<>();

  Starts(Ticks ticks) {
    this.ticks = ticks;
  }

  void asked(InstanceId instance) {
    atNanos.put(instance, ticks.nanos());
  }

  void takenBack(InstanceId instance) {
    atNanos.remove(instance);
  }

  boolean recent(InstanceId instance) {
    long now = ticks.nanos();
    atNanos.values().removeIf(started -> now - started > GRACE.toNanos());
    return atNanos.containsKey(instance);
  }
}
