package dev.salvor.common.telemetry.gpu;

import dev.salvor.common.telemetry.Reading;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// A report as readings, by the names that the agent, the controller and people know them.
public final class GpuReadings {
  private static final String PROBE = "gpu";

  /// No box has more cards; what is told beyond is not worth a frame.
  private static final int MOST_CARDS = 64;

  private static final int MOST_PROCESSES = 32;

  private static final Pattern CARD = Pattern.compile("gpu([0-9]{1,2})(?: (.{1,40}))?");

  private static final Map<String, GpuField> FIELDS =
      Arrays.stream(GpuField.values()).collect(Collectors.toMap(GpuField::words, field -> field));

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

  /// The way back: what an agent's readings tell of its cards, to be judged as any other report. Of
  /// processes it has their number, and what they hold together.
  public static GpuReport report(List<Reading> readings) {
    Map<Integer, Map<GpuField, Gauge>> gauges = new TreeMap<>();
    Map<String, String> texts = new HashMap<>();
    List<GpuTrouble> troubles = new ArrayList<>();
    for (Reading reading : readings) {
      if (!reading.probe().equals(PROBE)) {
        continue;
      }
      Matcher card = CARD.matcher(reading.name());
      if (reading instanceof Reading.Text text) {
        texts.put(text.name(), text.value());
      } else if (reading instanceof Reading.Amount amount && amount.name().equals("count")) {
        int count = (int) Math.clamp(amount.value(), 0, MOST_CARDS);
        IntStream.range(0, count).forEach(i -> gauges.computeIfAbsent(i, _ -> empty()));
      } else if (card.matches()) {
        int index = Integer.parseInt(card.group(1));
        String field = card.group(2) == null ? "" : card.group(2);
        if (field.isEmpty() && reading instanceof Reading.Absent absent) {
          boolean lost = Gauge.Why.of(absent.why()) == Gauge.Why.LOST;
          GpuTrouble.Kind kind = lost ? GpuTrouble.Kind.LOST : GpuTrouble.Kind.NO_HANDLE;
          troubles.add(new GpuTrouble(kind, card.group(1), absent.why()));
        } else if (FIELDS.containsKey(field)) {
          gauges
              .computeIfAbsent(index, _ -> empty())
              .put(FIELDS.getOrDefault(field, GpuField.USE), gauge(reading));
        }
      }
    }
    return new GpuReport(
        texts.getOrDefault("driver", ""),
        texts.getOrDefault("cuda of driver", ""),
        gauges.entrySet().stream().map(one -> card(one.getKey(), one.getValue(), texts)).toList(),
        troubles);
  }

  private static Map<GpuField, Gauge> empty() {
    return new EnumMap<>(GpuField.class);
  }

  private static GpuReading card(
      int index, Map<GpuField, Gauge> gauges, Map<String, String> texts) {
    String card = "gpu" + index;
    return new GpuReading(
        new GpuIdentity(
            index,
            texts.getOrDefault(card, ""),
            texts.getOrDefault(card + " uuid", ""),
            texts.getOrDefault(card + " bus", "")),
        gauges);
  }

  private static Gauge gauge(Reading reading) {
    return switch (reading) {
      case Reading.Amount amount -> Gauge.of(amount.value());
      case Reading.Absent absent -> Gauge.missing(Gauge.Why.of(absent.why()), absent.why());
      case Reading.Text text -> Gauge.missing(Gauge.Why.of(text.value()), text.value());
    };
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
    OptionalDouble held = GpuActivity.held(gpu);
    if (!gpu.processes().isEmpty() && held.isPresent()) {
      GpuField field = GpuField.MEMORY_OF_PROCESSES;
      readings.add(
          new Reading.Amount(PROBE, card + " " + field.words(), held.getAsDouble(), field.unit()));
    }
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
