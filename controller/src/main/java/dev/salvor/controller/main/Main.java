package dev.salvor.controller.main;

/// Starts the controller.
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    System.out.println("salvor controller");
  }
}
