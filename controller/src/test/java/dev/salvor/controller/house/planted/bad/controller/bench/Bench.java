package dev.salvor.controller.house.planted.bad.controller.bench;

/// Planted: the measuring that nobody but the wiring may import.
public final class Bench {
  private Bench() {}

  public static void run() {}
}
