package dev.salvor.controller.journal;

/// The journal could not be read or written. Nothing may be done that is not journaled: the
/// controller stops.
public final class JournalException extends Exception {
  private final Kind kind;

  public JournalException(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }

  /// The closed list of what goes wrong.
  public enum Kind {
    UNREADABLE,
    DISK_FULL,
    IN_USE,
    DAMAGED
  }
}
