package dev.salvor.agent.main;

/// Starts the agent.
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    System.out.println("salvor agent");
  }
}
