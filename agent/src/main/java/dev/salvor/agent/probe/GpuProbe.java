package dev.salvor.agent.probe;

import dev.salvor.common.telemetry.Reading;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// The GPUs as the driver's own library sees them: how many, which, and by what driver.
public final class GpuProbe implements Probe {
  private static final String NAME = "gpu";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public List<Reading> read() throws IOException {
    try (Nvml nvml = Nvml.open()) {
      List<Reading> readings = new ArrayList<>();
      readings.add(new Reading.Text(NAME, "driver", nvml.driverVersion()));
      readings.add(new Reading.Text(NAME, "cuda of driver", nvml.cudaVersion()));
      int count = nvml.deviceCount();
      readings.add(new Reading.Amount(NAME, "count", count, "GPUs"));
      for (int i = 0; i < count; i++) {
        readings.add(new Reading.Text(NAME, "gpu" + i, nvml.deviceName(i)));
      }
      return readings;
    }
  }
}
