package dev.salvor.controller.sandbox.market;

/// What renting costs: the GPUs while running, the disk always.
final class Meter {
  private static final double MS_AN_HOUR = 3_600_000;

  private Meter() {}

  /// Takes from the credit what ran up since the last charge.
  static void charge(Books books, long nowMs) {
    double hours = Math.max(0, nowMs - books.chargedMs) / MS_AN_HOUR;
    for (Instance instance : books.instances.values()) {
      books.credit -= hours * perHour(instance);
    }
    books.chargedMs = nowMs;
  }

  private static double perHour(Instance instance) {
    double disk = instance.terms().storagePerHour();
    return instance.life().stage() == Stage.RUNNING ? instance.terms().price() + disk : disk;
  }
}
