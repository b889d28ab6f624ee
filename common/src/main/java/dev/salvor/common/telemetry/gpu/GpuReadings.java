package dev.salvor.common.telemetry.gpu;

import dev.salvor.common.telemetry.Reading;
import java.util.ArrayList;
import java.util.List;

/// A report as readings, by the names that the agent, the controller and people know them.
public final class GpuReadings {
  private static final String PROBE = "gpu";

  /// No box has more cards; what is told beyond is not worth a frame.
  private static final int MOST_CARDS = 64;

  private static final int MOST_PROCESSES = 32;

  private GpuReadings() {}

  public static List<Reading> of(GpuReport report) {
    List<Reading> readings = new ArrayList<>();
    text(readings, "driver", report.driver());
    text(readings, "cuda of driver", report.cuda());
    readings.add(new Reading.Amount(PROBE, "count", report.gpus().size(), "GPUs"));
    for (GpuTrouble trouble : report.troubles()) {
      String card = trouble.card().isEmpty() ? "all" : trouble.card();
      readings.add(new Reading.Absent(PROBE, "card " + card, trouble.said()));
    }
    report.gpus().stream().limit(MOST_CARDS).forEach(gpu -> card(gpu, readings));
    return readings;
  }

  private static void card(GpuReading gpu, List<Reading> readings) {
    String card = "gpu" + gpu.who().index();
    text(readings, card, gpu.who().name());
    text(readings, card + " uuid", gpu.who().uuid());
    text(readings, card + " bus", gpu.who().busId());
    gpu.ordered()
        .forEach((field, gauge) -> {
          String name = card + " " + field.words();
          readings.add(
              switch (gauge) {
                case Gauge.Value(double value) ->
                    new Reading.Amount(PROBE, name, value, field.unit());
                case Gauge.Missing missing -> new Reading.Absent(PROBE, name, missing.said());
              });
        });
    for (GpuProcess process : gpu.processes().stream().limit(MOST_PROCESSES).toList()) {
      String name = "%s process %d %s".formatted(card, process.pid(), process.name());
      readings.add(
          switch (process.memory()) {
            case Gauge.Value(double value) -> new Reading.Amount(PROBE, name, value, "bytes");
            case Gauge.Missing missing -> new Reading.Absent(PROBE, name, missing.said());
          });
    }
  }

  private static void text(List<Reading> readings, String name, String value) {
    if (!value.isEmpty()) {
      readings.add(new Reading.Text(PROBE, name, value));
    }
  }
}
