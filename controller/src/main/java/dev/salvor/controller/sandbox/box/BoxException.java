package dev.salvor.controller.sandbox.box;

/// A box could not be made, killed or removed on this machine.
public final class BoxException extends Exception {
  private static final long serialVersionUID = 1L;

  public BoxException(String message) {
    super(message);
  }

  public BoxException(String message, Throwable cause) {
    super(message + ": " + cause.getMessage(), cause);
  }
}
