package dev.salvor.controller.cli;

/// A verb that cannot do what it was asked: one line that says what was tried, why it failed, and
/// what to do next.
final class Failure extends Exception {
  private final Exit exit;

  Failure(Exit exit, String message) {
    super(message);
    this.exit = exit;
  }

  Failure(Exit exit, String message, Throwable cause) {
    super(message, cause);
    this.exit = exit;
  }

  Exit exit() {
    return exit;
  }
}
