package dev.salvor.common.telemetry.gpu;

import java.util.List;

/// All that one look at a box's cards told.
///
/// @param driver as "550.54.15", or ""
/// @param cuda the newest CUDA that the driver says it speaks, as "12.4", or ""; says the forward
///   compatible library's number where one is installed
/// @param troubles what failed as a whole
public record GpuReport(
    String driver, String cuda, List<GpuReading> gpus, List<GpuTrouble> troubles) {
  public GpuReport {
    gpus = List.copyOf(gpus);
    troubles = List.copyOf(troubles);
  }

  public static GpuReport failed(GpuTrouble trouble) {
    return new GpuReport("", "", List.of(), List.of(trouble));
  }
}
