package dev.salvor.agent.probe.gpu;

import java.io.IOException;

/// A call of NVIDIA's library that was not answered, in words.
final class NvmlException extends IOException {
  private static final long serialVersionUID = 1L;

  /// Of nvmlReturn_t (nvml.h).
  static final int UNINITIALIZED = 1;

  static final int NOT_SUPPORTED = 3;
  static final int INSUFFICIENT_SIZE = 7;
  static final int DRIVER_NOT_LOADED = 9;
  static final int TIMEOUT = 10;
  static final int GPU_IS_LOST = 15;

  /// Not of nvml.h: this version of the library has no such function.
  static final int NO_SYMBOL = -1;

  private final int status;

  NvmlException(String function, int status) {
    super("%s: %s".formatted(function, words(status)));
    this.status = status;
  }

  int status() {
    return status;
  }

  /// The library itself must be opened anew.
  boolean ended() {
    return status == UNINITIALIZED || status == DRIVER_NOT_LOADED;
  }

  private static String words(int status) {
    return switch (status) {
      case NO_SYMBOL -> "this driver's library has no such function";
      case UNINITIALIZED -> "the library is not initialised (1)";
      case 2 -> "it takes no such argument (2)";
      case NOT_SUPPORTED -> "this card does not say (3, not supported)";
      case 4 -> "not permitted in this container (4)";
      case 6 -> "not found (6)";
      case INSUFFICIENT_SIZE -> "the answer grew while it was read (7)";
      case DRIVER_NOT_LOADED -> "no driver is loaded on this host (9)";
      case TIMEOUT -> "it took too long (10)";
      case 12 -> "a library that it needs is not in this image (12)";
      case 13 -> "this driver does not know it (13)";
      case GPU_IS_LOST -> "the GPU has fallen off the bus (15, GPU is lost)";
      case 16 -> "the GPU requires reset (16)";
      case 17 -> "the host's system refuses it (17)";
      case 18 -> "library and driver are of different versions (18)";
      case 25 -> "this driver has another version of the record (25)";
      default -> "it answered %d (nvml.h, nvmlReturn_t)".formatted(status);
    };
  }
}
