package dev.salvor.controller.desk;

/// A question at the desk was not answered. The message says what was tried, why it failed, and
/// what to do next.
public final class DeskException extends Exception {
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
    /// Nothing that the desk understands.
    BAD_REQUEST,
    /// No such run, rental or notice.
    NOT_FOUND,
    /// Understood, and not permitted.
    REFUSED,
    /// No controller serves this state directory.
    NO_CONTROLLER,
    /// Another controller has this state directory.
    IN_USE,
    /// The machine does not let it: a directory, a disk, a socket.
    ENVIRONMENT,
    /// The other side went away, or took too long.
    LOST,
    /// A bug.
    INTERNAL
  }
}
