package dev.salvor.agent.probe;

import dev.salvor.common.telemetry.Reading;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/// The GPUs as the driver's own library sees them: how many, which, by what driver, and what each
/// does. What one card will not say (few consumer cards know all) is absent, not zero.
public final class GpuProbe implements Probe {
  private static final String NAME = "gpu";

  private final String library;

  /// By the library that the loader finds.
  public GpuProbe() {
    this(Nvml.LIBRARY);
  }

  GpuProbe(String library) {
    this.library = library;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public List<Reading> read() throws IOException {
    try (Nvml nvml = Nvml.open(library)) {
      List<Reading> readings = new ArrayList<>();
      readings.add(new Reading.Text(NAME, "driver", nvml.driverVersion()));
      readings.add(new Reading.Text(NAME, "cuda of driver", nvml.cudaVersion()));
      int count = nvml.deviceCount();
      readings.add(new Reading.Amount(NAME, "count", count, "GPUs"));
      for (int i = 0; i < count; i++) {
        card(nvml, i, readings);
      }
      return readings;
    }
  }

  private static void card(Nvml nvml, int index, List<Reading> readings) {
    String gpu = "gpu" + index;
    MemorySegment device;
    try {
      device = nvml.device(index);
      readings.add(new Reading.Text(NAME, gpu, nvml.name(device)));
    } catch (IOException e) {
      readings.add(absent(gpu, e));
      return;
    }
    readings.add(amount(gpu + " use", "%", () -> nvml.use(device)));
    readings.add(amount(gpu + " power", "W", () -> nvml.power(device)));
    readings.add(amount(gpu + " power limit", "W", () -> nvml.powerLimit(device)));
    readings.add(amount(gpu + " clock", "MHz", () -> nvml.clock(device)));
    readings.add(amount(gpu + " clock max", "MHz", () -> nvml.clockMax(device)));
  }

  private static Reading amount(String name, String unit, Look look) {
    try {
      return new Reading.Amount(NAME, name, look.take(), unit);
    } catch (IOException e) {
      return absent(name, e);
    }
  }

  private static Reading absent(String name, IOException e) {
    return new Reading.Absent(NAME, name, String.valueOf(e.getMessage()));
  }

  /// One number, where the card says it.
  private interface Look {
    double take() throws IOException;
  }
}
