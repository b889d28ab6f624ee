package dev.salvor.agent.probe.gpu;

import dev.salvor.common.telemetry.Captured;
import dev.salvor.common.telemetry.MalformedException;
import dev.salvor.common.telemetry.Reading;
import dev.salvor.common.telemetry.gpu.GpuReadings;
import dev.salvor.common.telemetry.gpu.GpuReport;
import java.io.IOException;
import java.util.List;

/// What nvidia-smi printed, as readings; its failures as the words that it gave them.
final class SmiReadings {
  private SmiReadings() {}

  /// Malformed where it is no form of the program's output.
  static List<Reading> of(int exit, String output) throws IOException, MalformedException {
    GpuReport report =
        dev.salvor.common.telemetry.smi.Smi.read(output, Captured.of(output)).report();
    if (report.gpus().isEmpty() && report.troubles().isEmpty()) {
      throw new MalformedException("nvidia-smi ended with %d and told of no card".formatted(exit));
    }
    if (report.gpus().isEmpty() && !report.troubles().isEmpty()) {
      throw new IOException(report.troubles().getFirst().said());
    }
    return GpuReadings.of(report);
  }
}
