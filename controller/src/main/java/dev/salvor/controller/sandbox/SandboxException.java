package dev.salvor.controller.sandbox;

/// The sandbox could not be opened, or could not go on.
public final class SandboxException extends Exception {
  private static final long serialVersionUID = 1L;

  private final Kind kind;

  /// What was wrong.
  public enum Kind {
    /// The state directory cannot be used: no right to it, damaged, of another version.
    STATE_UNREADABLE,
    /// Another sandbox has the state directory.
    STATE_IN_USE,
    PORT_IN_USE,
    BAD_FAULTS,
    BAD_BUNDLE,
    /// This machine cannot run boxes.
    NO_BOXES,
    /// Something failed on the way that worked before.
    FAILED
  }

  SandboxException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  SandboxException(Kind kind, String message, Throwable cause) {
    super(message + ": " + cause.getMessage(), cause);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }
}
