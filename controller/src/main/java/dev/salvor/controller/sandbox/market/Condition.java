package dev.salvor.controller.sandbox.market;

import java.util.Map;
import java.util.TreeMap;

/// What changes about a machine: its price, a rival bidder, being offline or not heard of, and how
/// often each of its slots was let, by number.
///
/// @param rival what he bids for all of its GPUs
record Condition(
    double factor,
    double rival,
    long rivalUntilMs,
    long offlineUntilMs,
    long silentUntilMs,
    Map<Integer, Integer> lets) {
  static final Condition FRESH = new Condition(1, 0, 0, 0, 0, Map.of());

  Condition {
    lets = Map.copyOf(lets);
  }

  Condition priced(double by) {
    return new Condition(factor * by, rival, rivalUntilMs, offlineUntilMs, silentUntilMs, lets);
  }

  Condition rivalled(double bid, long untilMs) {
    return new Condition(factor, bid, untilMs, offlineUntilMs, silentUntilMs, lets);
  }

  Condition offline(long untilMs) {
    return new Condition(factor, rival, rivalUntilMs, untilMs, silentUntilMs, lets);
  }

  /// Nothing is heard of its instances, which run on.
  Condition silent(long untilMs) {
    return new Condition(factor, rival, rivalUntilMs, offlineUntilMs, untilMs, lets);
  }

  boolean isSilent(long nowMs) {
    return nowMs < silentUntilMs;
  }

  Condition let(int slot) {
    var next = new TreeMap<>(lets);
    next.merge(slot, 1, Integer::sum);
    return new Condition(factor, rival, rivalUntilMs, offlineUntilMs, silentUntilMs, next);
  }

  int letsOf(int slot) {
    return lets.getOrDefault(slot, 0);
  }

  int letsInAll() {
    return lets.values().stream().mapToInt(Integer::intValue).sum();
  }

  boolean isOffline(long nowMs) {
    return nowMs < offlineUntilMs;
  }

  double price(Machine machine) {
    return machine.ask().price() * factor;
  }

  /// The least bid that runs now.
  double minBid(Machine machine, long nowMs) {
    double own = machine.ask().minBid() * factor;
    return nowMs < rivalUntilMs ? Math.max(own, rival) : own;
  }
}
