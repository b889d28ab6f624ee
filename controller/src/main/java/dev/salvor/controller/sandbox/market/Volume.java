package dev.salvor.controller.sandbox.market;

/// A disk that outlives instances, bound to one machine.
record Volume(
    long id, String name, long machine, double gb, double storageCost, long startMs, long endMs) {
  /// What it costs an hour, used or not.
  double perHour() {
    return gb * storageCost / (30 * 24);
  }

  /// Where an instance has it.
  record Mount(long volume, String path) {}
}
