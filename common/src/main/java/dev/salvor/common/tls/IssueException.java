package dev.salvor.common.tls;

/// A certificate could not be had.
public final class IssueException extends Exception {
  private static final long serialVersionUID = 1;

  /// Why, as far as it decides what to do next.
  public enum Kind {
    /// The controller could not be reached or did not answer in time.
    UNREACHABLE,
    /// The controller said no for now: not listed yet, token expired and not re-armed yet, or two
    /// boxes spoke as this one and a person must look.
    NOT_YET,
    /// The token was used with another key: this box's key is lost or was copied. No retry helps.
    TOKEN_USED,
    /// The rental is over. No retry helps.
    REVOKED,
    /// Any other refusal.
    REFUSED
  }

  private final Kind kind;
  private final String why;

  public IssueException(Kind kind, String message) {
    super(message);
    this.kind = kind;
    this.why = message;
  }

  public Kind kind() {
    return kind;
  }

  /// The message, for people.
  public String why() {
    return why;
  }
}
