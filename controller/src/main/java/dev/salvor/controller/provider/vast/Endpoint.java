package dev.salvor.controller.provider.vast;

import java.time.Duration;

/// The calls that are paced on their own. Thresholds are the platform's (its rate limit pages, one
/// per endpoint); users/current and ssh have none published and get a modest one.
enum Endpoint {
  /// "10 per minute".
  SEARCH(6000, true),
  CREATE(4500, false),
  LIST(1000, true),
  STATE(1000, true),
  /// Not repeated: a bid is money, and its answer says nothing about the bid in force.
  BID(5500, false),
  DESTROY(3000, true),
  /// Asking where to copy from starts nothing.
  COPY(3500, true),
  LIST_KEYS(1000, true),
  ADD_KEY(1000, false),
  USER(1000, true);

  private final Duration threshold;
  private final boolean repeatable;

  Endpoint(long thresholdMs, boolean repeatable) {
    this.threshold = Duration.ofMillis(thresholdMs);
    this.repeatable = repeatable;
  }

  Duration threshold() {
    return threshold;
  }

  /// Whether sending it twice does no harm.
  boolean repeatable() {
    return repeatable;
  }
}
