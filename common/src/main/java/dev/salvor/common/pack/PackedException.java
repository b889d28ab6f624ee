package dev.salvor.common.pack;

/// Bytes that no packer of ours has made, or that need a checkpoint which is not here.
public final class PackedException extends Exception {
  private final boolean lacksBase;

  PackedException(String message) {
    this(message, false);
  }

  PackedException(String message, boolean lacksBase) {
    super(message);
    this.lacksBase = lacksBase;
  }

  /// Well made, as far as can be seen; what it was made against is missing.
  public boolean lacksBase() {
    return lacksBase;
  }
}
