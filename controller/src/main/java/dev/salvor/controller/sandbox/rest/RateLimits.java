package dev.salvor.controller.sandbox.rest;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// The platform's limits: a least interval between two requests to one endpoint.
final class RateLimits {
  /// There is one account and a few boxes; past this, somebody invents keys.
  private static final int MAX_KEYS = 10_000;

  private final boolean on;
  private final Map<String, Long> last = new HashMap<>();

  RateLimits(boolean on) {
    this.on = on;
  }

  synchronized boolean exceeded(Route.Terms terms, Call.Caller caller, long nowNanos) {
    if (!on || terms.intervalSeconds() <= 0) {
      return false;
    }
    if (last.size() > MAX_KEYS) {
      last.clear();
    }
    String key = terms.endpoint() + " " + caller;
    Long before = last.get(key);
    if (before != null
        && nowNanos - before < terms.intervalSeconds() * TimeUnit.SECONDS.toNanos(1)) {
      return true;
    }
    last.put(key, nowNanos);
    return false;
  }
}
