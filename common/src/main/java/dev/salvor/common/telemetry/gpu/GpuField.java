package dev.salvor.common.telemetry.gpu;

/// The numbers of a card, each with its unit. Flags are 0 and 1.
public enum GpuField {
  USE("use", "%"),
  MEMORY_USE("memory use", "%"),
  MEMORY_TOTAL("memory total", "bytes"),
  MEMORY_RESERVED("memory reserved", "bytes"),
  /// Without what the driver itself reserves, where it tells the two apart.
  MEMORY_USED("memory used", "bytes"),
  MEMORY_FREE("memory free", "bytes"),
  POWER("power", "W"),
  POWER_LIMIT("power limit", "W"),
  POWER_LIMIT_DEFAULT("power limit default", "W"),
  TEMPERATURE("temperature", "C"),
  MEMORY_TEMPERATURE("memory temperature", "C"),
  TEMPERATURE_SLOWDOWN("temperature slowdown", "C"),
  FAN("fan", "%"),
  CLOCK("clock", "MHz"),
  CLOCK_MAX("clock max", "MHz"),
  MEMORY_CLOCK("memory clock", "MHz"),
  MEMORY_CLOCK_MAX("memory clock max", "MHz"),
  /// Why the clocks are as they are: the bits of nvml.h, named by Throttle.
  THROTTLE("throttle", "bits"),
  /// As 8.9.
  COMPUTE_CAPABILITY("compute capability", ""),
  ECC("ecc", "flag"),
  ECC_CORRECTED("ecc corrected", "errors"),
  ECC_UNCORRECTED("ecc uncorrected", "errors"),
  ECC_CORRECTED_EVER("ecc corrected ever", "errors"),
  ECC_UNCORRECTED_EVER("ecc uncorrected ever", "errors"),
  RETIRED_SINGLE("retired pages single bit", "pages"),
  RETIRED_DOUBLE("retired pages double bit", "pages"),
  RETIRE_PENDING("retired pages pending", "flag"),
  REMAPPED_CORRECTABLE("remapped rows correctable", "rows"),
  REMAPPED_UNCORRECTABLE("remapped rows uncorrectable", "rows"),
  REMAP_PENDING("remapped rows pending", "flag"),
  REMAP_FAILED("remapped rows failed", "flag"),
  /// What the driver wants done: 0 nothing, 1 reset, 2 reboot, 3 drain P2P, 4 drain and reset, 5
  /// IMEX (nvml.h, field 230).
  RECOVERY_ACTION("recovery action", "code"),
  RESET_REQUIRED("reset required", "flag"),
  MIG("mig", "flag"),
  PCIE_GEN("pcie generation", ""),
  PCIE_GEN_MAX("pcie generation max", ""),
  PCIE_WIDTH("pcie width", "lanes"),
  PCIE_WIDTH_MAX("pcie width max", "lanes"),
  PCIE_REPLAYS("pcie replays", "replays"),
  NVLINKS_UP("nvlinks up", "links"),
  NVLINKS_DOWN("nvlinks down", "links"),
  /// How many processes hold memory; in a container often 0 though there are some.
  PROCESSES("processes", "processes"),
  /// What they hold together; not told where one of them does not say.
  MEMORY_OF_PROCESSES("memory of processes", "bytes");

  private final String words;
  private final String unit;

  GpuField(String words, String unit) {
    this.words = words;
    this.unit = unit;
  }

  /// As readings name it, after "gpu0 ".
  public String words() {
    return words;
  }

  public String unit() {
    return unit;
  }
}
