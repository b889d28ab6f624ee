package dev.salvor.controller.sandbox.market;

/// What renting costs: the GPUs while running, the disk and volumes always.
final class Meter {
  private static final double MS_AN_HOUR = 3_600_000;

  private Meter() {}

  /// Takes from the credit what ran up since the last charge.
  static void charge(Books books, long nowMs) {
    double hours = Math.max(0, nowMs - books.chargedMs) / MS_AN_HOUR;
    for (Instance instance : books.instances.values()) {
      String source = "instance-" + instance.id();
      take(books, nowMs, new Bill(source, "disk", hours * instance.terms().storagePerHour()));
      if (instance.life().stage() == Stage.RUNNING) {
        take(books, nowMs, new Bill(source, "gpu", hours * instance.terms().price()));
      }
    }
    for (Volume volume : books.volumes.values()) {
      take(books, nowMs, new Bill("volume-" + volume.id(), "disk", hours * volume.perHour()));
    }
    books.chargedMs = nowMs;
  }

  private record Bill(String source, String type, double amount) {}

  private static void take(Books books, long nowMs, Bill bill) {
    if (bill.amount() > 0) {
      books.credit -= bill.amount();
      books.ledger.add(nowMs, bill.source(), bill.type(), bill.amount());
    }
  }
}
