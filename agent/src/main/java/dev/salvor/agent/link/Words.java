package dev.salvor.agent.link;

import io.grpc.Status;
import java.security.cert.CertificateException;
import javax.net.ssl.SSLException;

/// Says in one line why a call failed: the status and the innermost cause, without stack traces.
final class Words {
  /// A cause deeper than this says nothing new.
  private static final int MAX_DEPTH = 10;

  private Words() {}

  /// Whether the other end broke off the handshake. What this end has against the other one
  /// (another CA, a wrong clock) is a CertificateException, and no reason to doubt its own
  /// certificate.
  static boolean handshakeRefused(Throwable t) {
    boolean broken = false;
    Throwable cause = t;
    for (int i = 0; i < MAX_DEPTH && cause != null; i++) {
      if (cause instanceof CertificateException) {
        return false;
      }
      broken |= cause instanceof SSLException;
      cause = cause.getCause();
    }
    return broken;
  }

  static String of(Status status) {
    StringBuilder words = new StringBuilder(status.getCode().name());
    String description = status.getDescription();
    if (description != null) {
      words.append(' ').append(description);
    }
    Throwable cause = status.getCause();
    for (int i = 0; i < MAX_DEPTH && cause != null && cause.getCause() != null; i++) {
      cause = cause.getCause();
    }
    if (cause != null) {
      words.append(": ").append(cause.getMessage());
    }
    return words.toString();
  }
}
