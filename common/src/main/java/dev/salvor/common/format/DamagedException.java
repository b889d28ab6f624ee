package dev.salvor.common.format;

import java.io.IOException;

/// A file's bytes break a rule of its format; the message says which.
public final class DamagedException extends IOException {
  public DamagedException(String message) {
    super(message);
  }
}
