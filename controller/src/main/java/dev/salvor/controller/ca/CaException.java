package dev.salvor.controller.ca;

/// The authority's files could not be used, or a request for a certificate is none.
public final class CaException extends Exception {
  private static final long serialVersionUID = 1;
  private final Kind kind;

  public CaException(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }

  /// The closed list of what goes wrong.
  public enum Kind {
    /// A file or directory of the authority cannot be read or written.
    UNREADABLE,
    /// A file of the authority is there and is not what it should be.
    DAMAGED,
    /// A request for a certificate that is malformed, of a key we do not take, or not signed by it.
    BAD_REQUEST
  }
}
