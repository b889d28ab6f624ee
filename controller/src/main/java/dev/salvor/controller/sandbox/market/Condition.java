package dev.salvor.controller.sandbox.market;

/// What changes about a machine: its price, a rival bidder, being offline, and how often it was
/// let.
record Condition(double factor, double rival, long rivalUntilMs, long offlineUntilMs, int lets) {
  static final Condition FRESH = new Condition(1, 0, 0, 0, 0);

  Condition priced(double by) {
    return new Condition(factor * by, rival, rivalUntilMs, offlineUntilMs, lets);
  }

  Condition rivalled(double bid, long untilMs) {
    return new Condition(factor, bid, untilMs, offlineUntilMs, lets);
  }

  Condition offline(long untilMs) {
    return new Condition(factor, rival, rivalUntilMs, untilMs, lets);
  }

  Condition let() {
    return new Condition(factor, rival, rivalUntilMs, offlineUntilMs, lets + 1);
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
