package dev.salvor.controller.tunnel;

import org.jspecify.annotations.Nullable;

/// Something that needs ssh could not be done; the message says what and why.
public final class TunnelException extends Exception {
  private final Kind kind;

  public TunnelException(String message, @Nullable Throwable cause) {
    this(Kind.FAILED, message, cause);
  }

  public TunnelException(Kind kind, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  /// What stands in the way.
  public enum Kind {
    /// Nobody answers there, or the connection broke.
    UNREACHABLE(true),
    /// It answers and takes none of our keys; a key that was just attached takes seconds.
    KEY_REFUSED(true),
    /// It shows another host key than the one that was pinned.
    HOST_KEY(false),
    /// This machine lacks something.
    LOCAL(false),
    /// It was reached, and what was asked did not work.
    FAILED(true);

    private final boolean retryable;

    Kind(boolean retryable) {
      this.retryable = retryable;
    }

    public boolean retryable() {
      return retryable;
    }
  }

  public Kind kind() {
    return kind;
  }
}
