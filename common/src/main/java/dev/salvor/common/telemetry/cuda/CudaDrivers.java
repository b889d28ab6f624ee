package dev.salvor.common.telemetry.cuda;

import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/// Which driver a release of CUDA needs on Linux: tables 2 and 3 of the CUDA Toolkit's release
/// notes (docs.nvidia.com/cuda/cuda-toolkit-release-notes), first builds of each release.
public final class CudaDrivers {
  private static final NavigableMap<CudaRelease, DriverVersion> NEEDED = new TreeMap<>();

  /// From here on a driver runs anything of the same major release that was built for its very card
  /// (minor version compatibility).
  private static final Map<Integer, DriverVersion> FLOOR =
      Map.of(
          11, new DriverVersion(450, 80, 2),
          12, new DriverVersion(525, 60, 13),
          13, new DriverVersion(580, 65, 6));

  static {
    put("10.0", "410.48");
    put("10.1", "418.39");
    put("10.2", "440.33");
    put("11.0", "450.51.05");
    put("11.1", "455.23");
    put("11.2", "460.27.03");
    put("11.3", "465.19.01");
    put("11.4", "470.42.01");
    put("11.5", "495.29.05");
    put("11.6", "510.39.01");
    put("11.7", "515.43.04");
    put("11.8", "520.61.05");
    put("12.0", "525.60.13");
    put("12.1", "530.30.02");
    put("12.2", "535.54.03");
    put("12.3", "545.23.06");
    put("12.4", "550.54.14");
    put("12.5", "555.42.02");
    put("12.6", "560.28.03");
    // A driver speaks it; there was no toolkit of it.
    put("12.7", "565.57.01");
    put("12.8", "570.26");
    put("12.9", "575.51.03");
    put("13.0", "580.65.06");
    put("13.1", "590.44.01");
    put("13.2", "595.45.04");
    put("13.3", "610.43.02");
  }

  private CudaDrivers() {}

  private static void put(String cuda, String driver) {
    CudaRelease.of(cuda)
        .ifPresent(
            release -> DriverVersion.of(driver).ifPresent(version -> NEEDED.put(release, version)));
  }

  /// The driver that speaks a release in full; empty for one that is not in the table.
  public static Optional<DriverVersion> needed(CudaRelease cuda) {
    Map.Entry<CudaRelease, DriverVersion> next = NEEDED.ceilingEntry(cuda);
    // Of one that is not in the table, what the next one needs is enough.
    return next == null || next.getKey().major() != cuda.major()
        ? Optional.empty()
        : Optional.of(next.getValue());
  }

  /// The newest release that a driver speaks in full; empty for one older than the table. By the
  /// driver's own number, since what NVML says is the forward compatible library's where one is
  /// installed.
  public static Optional<CudaRelease> newest(DriverVersion driver) {
    CudaRelease newest = null;
    for (Map.Entry<CudaRelease, DriverVersion> one : NEEDED.entrySet()) {
      // Within a branch all builds speak the same release, those before the toolkit's too.
      boolean speaks =
          driver.isAtLeast(one.getValue()) || driver.branch() == one.getValue().branch();
      newest = speaks ? one.getKey() : newest;
    }
    return Optional.ofNullable(newest);
  }

  /// Whether a driver runs what was built for its very card by a newer release of the same major.
  public static boolean isMinorCompatible(DriverVersion driver, CudaRelease cuda) {
    DriverVersion floor = FLOOR.get(cuda.major());
    return floor != null && driver.isAtLeast(floor);
  }
}
