package dev.salvor.controller.house.planted.bad.controller.main;

/// Planted: the wiring that nobody may import.
public final class Main {
  private Main() {}

  public static void run() {}
}
