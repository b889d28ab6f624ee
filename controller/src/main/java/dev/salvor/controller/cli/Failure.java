package dev.salvor.controller.cli;

/// A verb that cannot do what it was asked: one line that says what was tried, why it failed, and
/// what to do next.
public final class Failure extends Exception {
  private final Exit exit;

  public Failure(Exit exit, String message) {
    super(message);
    this.exit = exit;
  }

  public Failure(Exit exit, String message, Throwable cause) {
    super(message, cause);
    this.exit = exit;
  }

  Exit exit() {
    return exit;
  }
}
