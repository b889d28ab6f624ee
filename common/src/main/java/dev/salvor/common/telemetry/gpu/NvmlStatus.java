package dev.salvor.common.telemetry.gpu;

import dev.salvor.common.telemetry.gpu.Gauge.Why;

/// What NVML answers with (nvml.h, nvmlReturn_t), as far as it tells something.
public enum NvmlStatus {
  SUCCESS(0, "success", Why.NOT_ASKED, GpuTrouble.Kind.OTHER),
  UNINITIALIZED(1, "not initialised", Why.FAILED, GpuTrouble.Kind.OTHER),
  INVALID_ARGUMENT(2, "invalid argument", Why.NOT_SUPPORTED, GpuTrouble.Kind.OTHER),
  NOT_SUPPORTED(3, "not supported", Why.NOT_SUPPORTED, GpuTrouble.Kind.OTHER),
  NO_PERMISSION(4, "no permission", Why.NO_PERMISSION, GpuTrouble.Kind.NO_PERMISSION),
  NOT_FOUND(6, "not found", Why.NOT_SUPPORTED, GpuTrouble.Kind.NO_DEVICES),
  INSUFFICIENT_SIZE(7, "more room needed", Why.FAILED, GpuTrouble.Kind.OTHER),
  INSUFFICIENT_POWER(8, "its power cable is not attached", Why.FAILED, GpuTrouble.Kind.NO_HANDLE),
  DRIVER_NOT_LOADED(9, "driver not loaded", Why.FAILED, GpuTrouble.Kind.NO_DRIVER),
  TIMEOUT(10, "timeout", Why.FAILED, GpuTrouble.Kind.STUCK),
  IRQ_ISSUE(11, "interrupt trouble in the kernel", Why.FAILED, GpuTrouble.Kind.NO_HANDLE),
  LIBRARY_NOT_FOUND(12, "library not found", Why.NOT_SUPPORTED, GpuTrouble.Kind.NO_LIBRARY),
  FUNCTION_NOT_FOUND(13, "no such function", Why.NOT_SUPPORTED, GpuTrouble.Kind.OTHER),
  CORRUPTED_INFOROM(14, "infoROM is corrupted", Why.FAILED, GpuTrouble.Kind.INFOROM),
  GPU_IS_LOST(15, "GPU is lost", Why.LOST, GpuTrouble.Kind.LOST),
  RESET_REQUIRED(16, "GPU requires reset", Why.FAILED, GpuTrouble.Kind.NO_HANDLE),
  OPERATING_SYSTEM(
      17, "blocked by the operating system", Why.FAILED, GpuTrouble.Kind.NO_PERMISSION),
  VERSION_MISMATCH(
      18, "Driver/library version mismatch", Why.FAILED, GpuTrouble.Kind.VERSION_MISMATCH),
  IN_USE(19, "in use", Why.FAILED, GpuTrouble.Kind.OTHER),
  MEMORY(20, "too little memory", Why.FAILED, GpuTrouble.Kind.OTHER),
  NO_DATA(21, "no data", Why.NOT_SUPPORTED, GpuTrouble.Kind.OTHER),
  ARGUMENT_VERSION(25, "struct version not known", Why.NOT_SUPPORTED, GpuTrouble.Kind.OTHER),
  DEPRECATED(26, "deprecated", Why.NOT_SUPPORTED, GpuTrouble.Kind.OTHER),
  NOT_READY(27, "not ready", Why.FAILED, GpuTrouble.Kind.OTHER),
  GPU_NOT_FOUND(28, "GPU not found", Why.LOST, GpuTrouble.Kind.LOST),
  UNKNOWN(999, "Unknown Error", Why.FAILED, GpuTrouble.Kind.NO_HANDLE);

  private final int code;
  private final String words;
  private final Why why;
  private final GpuTrouble.Kind kind;

  NvmlStatus(int code, String words, Why why, GpuTrouble.Kind kind) {
    this.code = code;
    this.words = words;
    this.why = why;
    this.kind = kind;
  }

  /// UNKNOWN for a code that is not in the table.
  public static NvmlStatus of(int code) {
    for (NvmlStatus one : values()) {
      if (one.code == code) {
        return one;
      }
    }
    return UNKNOWN;
  }

  public int code() {
    return code;
  }

  public String words() {
    return words;
  }

  /// The answer to a question about one number.
  public Gauge gauge() {
    return Gauge.missing(why, words);
  }

  /// The answer to a question about a card ("" for all), or to opening the library.
  public GpuTrouble trouble(String card) {
    return new GpuTrouble(kind, card, words);
  }
}
