package dev.salvor.agent.core;

import dev.salvor.common.telemetry.Reading;
import dev.salvor.common.telemetry.gpu.GpuActivity;
import dev.salvor.common.telemetry.gpu.GpuReadings;
import java.util.List;

/// Judges from a probe's readings whether the GPUs work.
final class Gpus {
  private Gpus() {}

  /// IDLE only where every GPU shows all three signs; UNKNOWN where one cannot be seen.
  static Vigil.Gpu judge(List<Reading> readings) {
    return switch (GpuActivity.of(GpuReadings.report(readings).gpus())) {
      case BUSY -> Vigil.Gpu.BUSY;
      case IDLE -> Vigil.Gpu.IDLE;
      case UNKNOWN -> Vigil.Gpu.UNKNOWN;
    };
  }
}
