package dev.salvor.controller.provider;

/// The platform could not be asked, or did not answer as promised. The message says what was tried,
/// why it failed in the platform's words, and what to do next.
public final class ProviderException extends Exception {
  private final Kind kind;

  public ProviderException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  public ProviderException(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }

  /// The closed list of what goes wrong.
  public enum Kind {
    /// The key is missing, wrong or lacks a permission.
    AUTH(false),
    /// No such rental, offer or path.
    NOT_FOUND(false),
    /// The request was understood and refused.
    REFUSED(false),
    /// Too many requests.
    RATE_LIMITED(true),
    /// The platform is there and broken.
    SERVER(true),
    /// Nobody answered.
    NETWORK(true),
    /// An answer that makes no sense.
    PROTOCOL(false);

    private final boolean retryable;

    Kind(boolean retryable) {
      this.retryable = retryable;
    }

    public boolean retryable() {
      return retryable;
    }
  }
}
