package dev.salvor.agent.probe.gate;

import dev.salvor.agent.core.Gate.Refusal;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Whether the driver speaks the CUDA that the image needs, and the framework was built for the
/// card.
final class CudaVerdict {
  private static final Pattern VERSION = Pattern.compile("(\\d{1,3})\\.(\\d{1,2})(?:\\.\\d+)*");

  private CudaVerdict() {}

  /// As 12.4.
  record Version(int major, int minor) {
    static Optional<Version> of(String text) {
      Matcher version = VERSION.matcher(text.strip());
      return version.matches()
          ? Optional.of(
              new Version(Integer.parseInt(version.group(1)), Integer.parseInt(version.group(2))))
          : Optional.empty();
    }

    /// As the library says it, 12040.
    static Version of(int number) {
      return new Version(number / 1000, number % 1000 / 10);
    }

    boolean isBefore(Version other) {
      return major < other.major || (major == other.major && minor < other.minor);
    }

    @Override
    public String toString() {
      return major + "." + minor;
    }
  }

  /// @param spoken the newest CUDA of the driver, or of the library that programs here get
  /// @param driver as its maker numbers it; "" if nobody said
  static Optional<Refusal> judge(Version spoken, String driver, Version needed) {
    if (!spoken.isBefore(needed)) {
      return Optional.empty();
    }
    String host = driver.isEmpty() ? "the host's driver" : "the host has " + driver + ", which";
    return Optional.of(
        new Refusal(
            "cuda",
            "image CUDA %s needs driver >= %s, %s speaks CUDA %s at most"
                .formatted(needed, driverOf(needed), host, spoken),
            "cuda_max_good>=" + needed));
  }

  /// The first driver for Linux that speaks it (CUDA's release notes).
  private static String driverOf(Version cuda) {
    return switch (cuda.major() * 100 + cuda.minor()) {
      case 1100 -> "450.51.05";
      case 1101 -> "455.32";
      case 1102 -> "460.32.03";
      case 1103 -> "465.19.01";
      case 1104 -> "470.57.02";
      case 1105 -> "495.29.05";
      case 1106 -> "510.47.03";
      case 1107 -> "515.48.07";
      case 1108 -> "520.61.05";
      case 1200 -> "525.85.12";
      case 1201 -> "530.30.02";
      case 1202 -> "535.104.05";
      case 1203 -> "545.23.08";
      case 1204 -> "550.54.15";
      case 1205 -> "555.42.06";
      case 1206 -> "560.35.05";
      case 1208 -> "570.26";
      case 1209 -> "575.51.03";
      case 1300 -> "580.65.06";
      default -> "that of CUDA " + cuda;
    };
  }

  /// @param capability of the card, as 12.0
  /// @param built the CUDA that the framework was built for
  static Optional<Refusal> arch(double capability, Version built) {
    double newest = newest(built);
    double oldest = built.major() >= 13 ? 7.5 : built.major() == 12 ? 5.0 : 3.5;
    if (capability >= newest + 1 || Math.floor(capability) > Math.floor(newest)) {
      return Optional.of(
          new Refusal(
              "arch",
              "the framework was built for CUDA %s, which knows no GPU of compute capability %.1f"
                  .formatted(built, capability),
              "compute_cap<=%d".formatted(Math.round(newest * 100))));
    }
    if (capability < oldest) {
      return Optional.of(
          new Refusal(
              "arch",
              "the framework was built for CUDA %s, which has left GPUs of compute capability %.1f behind"
                  .formatted(built, capability),
              "compute_cap>=%d".formatted(Math.round(oldest * 100))));
    }
    return Optional.empty();
  }

  /// The newest kind of GPU that a CUDA builds for.
  private static double newest(Version cuda) {
    if (cuda.major() >= 13 || (cuda.major() == 12 && cuda.minor() >= 8)) {
      return 12.1;
    }
    if (cuda.major() == 12 || (cuda.major() == 11 && cuda.minor() >= 8)) {
      return 9.0;
    }
    return cuda.major() == 11 ? 8.6 : 7.5;
  }
}
