package dev.salvor.controller.intake;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/// So many at once and one more every so often, for each key; forgets the keys seen longest ago.
final class RateLimit {
  private static final int MAX_KEYS = 4096;

  private final int burst;
  private final Duration each;
  private final InstantSource clock;
  private final Map<String, Instant> emptyAt =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Instant> eldest) {
          return size() > MAX_KEYS;
        }
      };

  RateLimit(int burst, Duration each, InstantSource clock) {
    this.burst = burst;
    this.each = each;
    this.clock = clock;
  }

  /// Counts one more, if it is within the limit.
  ///
  /// @return whether one more is within the limit
  synchronized boolean take(String key) {
    Instant now = clock.instant();
    Instant base = emptyAt.getOrDefault(key, now);
    Instant next = (base.isBefore(now) ? now : base).plus(each);
    if (next.isAfter(now.plus(each.multipliedBy(burst)))) {
      return false;
    }
    emptyAt.put(key, next);
    return true;
  }
}
