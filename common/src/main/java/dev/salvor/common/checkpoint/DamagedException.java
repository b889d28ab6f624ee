package dev.salvor.common.checkpoint;

import java.io.IOException;

/// A file's bytes break a rule of its format; the message says which.
final class DamagedException extends IOException {
  DamagedException(String message) {
    super(message);
  }
}
