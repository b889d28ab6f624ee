package dev.salvor.common.telemetry.smi;

import dev.salvor.common.telemetry.gpu.Gauge;
import dev.salvor.common.telemetry.gpu.GpuField;
import dev.salvor.common.telemetry.gpu.GpuReading;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What the XML and the long text have in common below a card: errors and reasons, which are many
/// and renamed every few drivers, are told by their words.
final class SmiTree {
  private SmiTree() {}

  /// Adds the sums of errors and the reasons of the clocks.
  static void common(Element gpu, Map<GpuField, Gauge> gauges) {
    Map<GpuField, Double> sums = new HashMap<>();
    Map<String, String> reasons = new LinkedHashMap<>();
    gpu.walk((path, text) -> {
      String words = path.toLowerCase(Locale.ROOT).replace('_', ' ');
      if (words.startsWith("/ecc errors/")) {
        error(words, text, gauges, sums);
      } else if (words.startsWith("/clocks ") && words.contains("reason")) {
        reasons.put(path.substring(path.lastIndexOf('/') + 1), text);
      }
    });
    sums.forEach((field, sum) -> gauges.put(field, Gauge.of(sum)));
    SmiFields.throttle(reasons).ifPresent(bits -> gauges.put(GpuField.THROTTLE, bits));
  }

  private static void error(
      String words, String text, Map<GpuField, Gauge> gauges, Map<GpuField, Double> sums) {
    boolean now = words.contains("/volatile/");
    boolean ever = words.startsWith("/ecc errors/aggregate/");
    boolean parted = words.contains("single bit") || words.contains("double bit");
    if ((!now && !ever) || (parted && !words.endsWith("/total"))) {
      return;
    }
    boolean uncorrected = words.contains("uncorrect") || words.contains("double bit");
    boolean corrected = !uncorrected && (words.contains("correct") || words.contains("single bit"));
    if (!uncorrected && !corrected) {
      return;
    }
    GpuField field = field(now, uncorrected);
    Gauge gauge = SmiValue.gauge(text, "");
    if (gauge instanceof Gauge.Value(double errors)) {
      sums.merge(field, errors, Double::sum);
    } else {
      gauges.putIfAbsent(field, gauge);
    }
  }

  private static GpuField field(boolean now, boolean uncorrected) {
    if (now) {
      return uncorrected ? GpuField.ECC_UNCORRECTED : GpuField.ECC_CORRECTED;
    }
    return uncorrected ? GpuField.ECC_UNCORRECTED_EVER : GpuField.ECC_CORRECTED_EVER;
  }

  /// A text as a process number; -1 for none.
  static long pid(String text) {
    return text.matches("[0-9]{1,10}") ? Long.parseLong(text) : -1;
  }

  /// Of the same cards told twice (idle and under load, say), each once, with what was told last.
  static List<GpuReading> once(List<GpuReading> told) {
    Map<String, GpuReading> once = new LinkedHashMap<>();
    for (GpuReading one : told) {
      once.put(one.who().busId().isEmpty() ? one.who().index() + "" : one.who().busId(), one);
    }
    return new ArrayList<>(once.values());
  }
}
