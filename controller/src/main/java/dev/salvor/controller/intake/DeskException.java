package dev.salvor.controller.intake;

/// Cargo could not be taken in or given out.
public final class DeskException extends Exception {
  private static final long serialVersionUID = 1;
  private final Kind kind;

  public DeskException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  public DeskException(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }

  /// The closed list of what goes wrong.
  public enum Kind {
    /// What the box sent is not what it said: the same bytes will not do.
    REFUSED,
    /// No such unit, or none with a receipt.
    MISSING,
    /// The controller's own disk: the same may work later.
    BROKEN
  }
}
