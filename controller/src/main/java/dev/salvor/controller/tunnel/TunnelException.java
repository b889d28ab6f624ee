package dev.salvor.controller.tunnel;

import org.jspecify.annotations.Nullable;

/// Something that needs ssh could not be done; the message says what and why.
public final class TunnelException extends Exception {
  public TunnelException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
