package dev.salvor.controller.intake;

/// The controller cannot listen for its boxes.
public final class IntakeException extends Exception {
  private static final long serialVersionUID = 1;
  private final Kind kind;

  public IntakeException(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }

  /// The closed list of what goes wrong.
  public enum Kind {
    PORT_IN_USE,
    NO_SUCH_ADDRESS,
    /// The key and certificate it was given do not make a server.
    TLS
  }
}
