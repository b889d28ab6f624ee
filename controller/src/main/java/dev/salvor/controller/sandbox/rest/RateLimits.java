package dev.salvor.controller.sandbox.rest;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// The platform's limits: a least interval between two requests to one endpoint.
final class RateLimits {
  /// There is one account and a few boxes; past this, somebody invents keys.
  private static final int MAX_KEYS = 10_000;

  private static final long CREATE_PENALTY_NANOS = TimeUnit.SECONDS.toNanos(12);

  private final boolean on;

  /// When each may be called again.
  private final Map<String, Long> next = new HashMap<>();

  RateLimits(boolean on) {
    this.on = on;
  }

  synchronized boolean exceeded(Route.Terms terms, Call.Caller caller, long nowNanos) {
    if (!on || terms.intervalSeconds() <= 0) {
      return false;
    }
    if (next.size() > MAX_KEYS) {
      next.clear();
    }
    String key = terms.endpoint() + " " + caller;
    Long free = next.get(key);
    if (free != null && nowNanos - free < 0) {
      // Coming too early to a creation costs more than waiting.
      if (terms.endpoint().equals("create")) {
        next.put(key, nowNanos + CREATE_PENALTY_NANOS);
      }
      return true;
    }
    next.put(key, nowNanos + (long) (terms.intervalSeconds() * TimeUnit.SECONDS.toNanos(1)));
    return false;
  }
}
