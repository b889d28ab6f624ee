package dev.salvor.agent.carry;

/// A unit was not moved; the kind says whether trying again can help.
final class CarryException extends Exception {
  /// What stood in the way.
  enum Kind {
    /// The files are not, or no longer, what the unit names.
    CHANGED,
    /// The controller took nothing: its own words are in the message.
    REFUSED,
    /// No controller was reached, or the line broke.
    UNREACHABLE,
    /// This box's disk or identity.
    LOCAL
  }

  private final Kind kind;

  CarryException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  Kind kind() {
    return kind;
  }

  /// Whether another dial may do better.
  boolean retryable() {
    return kind == Kind.UNREACHABLE;
  }
}
