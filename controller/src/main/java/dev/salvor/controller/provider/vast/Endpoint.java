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
  SHOW(2000, true),
  /// Asking where to copy from starts nothing.
  COPY(3500, true),
  /// Between two rentals it does.
  COPY_DIRECT(3500, false),
  LIST_KEYS(1000, true),
  ADD_KEY(1000, false),
  DELETE_KEY(1000, true),
  LIST_INSTANCE_KEYS(1000, true),
  ATTACH_KEY(1000, false),
  DETACH_KEY(2000, true),
  /// Asking for a log again makes another copy of it, nothing else.
  LOGS(1000, true),
  VOLUMES(5500, true),
  VOLUME_SEARCH(5500, true),
  CREATE_VOLUME(5500, false),
  DELETE_VOLUME(5500, true),
  CHARGES(1000, true),
  USER(1000, true);

  /// A creation that came too soon keeps the next one out for so long.
  private static final Duration CREATE_PENALTY = Duration.ofSeconds(12);

  private final Duration threshold;
  private final boolean repeatable;

  Endpoint(long thresholdMs, boolean repeatable) {
    this.threshold = Duration.ofMillis(thresholdMs);
    this.repeatable = repeatable;
  }

  Duration threshold() {
    return threshold;
  }

  /// The least pause after a 429 here.
  Duration penalty() {
    return this == CREATE ? CREATE_PENALTY : threshold;
  }

  /// Whether sending it twice does no harm.
  boolean repeatable() {
    return repeatable;
  }
}
