package dev.salvor.common.telemetry.gpu;

/// Something that failed as a whole when cards were asked for.
///
/// @param card its index or bus id, or "" where it concerns all of them
/// @param said in the other side's words
public record GpuTrouble(Kind kind, String card, String said) {
  /// What failed.
  public enum Kind {
    /// No NVML, no nvidia-smi: nobody to ask.
    NO_LIBRARY,
    /// The library is there, the kernel's driver is not or does not answer.
    NO_DRIVER,
    /// The host's driver was changed under the running container (NVML 18).
    VERSION_MISMATCH,
    /// The driver is there and has no card.
    NO_DEVICES,
    /// One card, or all, cannot be opened.
    NO_HANDLE,
    /// It was there and has fallen off the bus (NVML 15).
    LOST,
    /// The container may not touch it (NVML 4, 17).
    NO_PERMISSION,
    /// It hangs in the driver.
    STUCK,
    /// The card's own settings memory is damaged: it runs, and is on its way out.
    INFOROM,
    /// Anything else.
    OTHER
  }

  /// Whether the card, or all of them, cannot be used at all.
  public boolean unusable() {
    return kind != Kind.INFOROM;
  }
}
