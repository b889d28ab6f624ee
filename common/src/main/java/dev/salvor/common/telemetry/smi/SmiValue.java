package dev.salvor.common.telemetry.smi;

import dev.salvor.common.telemetry.gpu.Gauge;
import dev.salvor.common.telemetry.gpu.Gauge.Why;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A value as nvidia-smi writes it, in any of its outputs and over fifteen years of versions:
/// "19818 MiB", "Not Active", "[N/A]", "ERR!".
public final class SmiValue {
  private static final Pattern NUMBER =
      Pattern.compile("([-+]?[0-9]{1,18}(?:\\.[0-9]{1,9})?)\\s?([A-Za-z%/]{0,8}(?:\\(s\\))?)");

  private static final Pattern HEX = Pattern.compile("0[xX]([0-9a-fA-F]{1,15}|0[0-9a-fA-F]{15})");

  /// To the units of GpuField: bytes, W, C, MHz, %.
  private static final Map<String, Double> SCALE =
      Map.ofEntries(
          Map.entry("b", 1.0),
          Map.entry("kb", 1024.0),
          Map.entry("kib", 1024.0),
          Map.entry("mb", 1024.0 * 1024),
          Map.entry("mib", 1024.0 * 1024),
          Map.entry("gb", 1024.0 * 1024 * 1024),
          Map.entry("gib", 1024.0 * 1024 * 1024),
          Map.entry("tib", 1024.0 * 1024 * 1024 * 1024),
          Map.entry("mw", 0.001),
          Map.entry("kw", 1000.0),
          Map.entry("ghz", 1000.0));

  private SmiValue() {}

  /// The number, or why there is none.
  ///
  /// @param unit of a number that has none of its own, as a CSV header gives it; "" for none
  public static Gauge gauge(String text, String unit) {
    String word = bare(text);
    Matcher hex = HEX.matcher(word);
    if (hex.matches()) {
      return Gauge.of((double) Long.parseLong(hex.group(1), 16));
    }
    Matcher number = NUMBER.matcher(word);
    if (number.matches()) {
      String own = number.group(2).isEmpty() ? unit : number.group(2);
      double scale = SCALE.getOrDefault(own.toLowerCase(Locale.ROOT), 1.0);
      return Gauge.of(Double.parseDouble(number.group(1)) * scale);
    }
    return word(word);
  }

  private static Gauge word(String word) {
    return switch (word.toLowerCase(Locale.ROOT)) {
      case "yes", "enabled", "active", "on" -> Gauge.of(true);
      case "no", "disabled", "not active", "off", "none" -> Gauge.of(false);
      case "reset", "gpu reset" -> Gauge.of(1);
      case "reboot", "node reboot" -> Gauge.of(2);
      case "drain p2p" -> Gauge.of(3);
      case "drain and reset" -> Gauge.of(4);
      default -> Gauge.missing(Why.of(word), word);
    };
  }

  /// Whether it is one of the words for "not to be had".
  public static boolean isMissing(String text) {
    String word = bare(text).toLowerCase(Locale.ROOT);
    return word.isEmpty()
        || word.equals("n/a")
        || word.startsWith("not supported")
        || word.startsWith("not available")
        || word.contains("deprecated")
        || word.equals("function not found")
        || Why.of(word) != Why.NOT_SUPPORTED;
  }

  /// Without the brackets of CSV.
  static String bare(String text) {
    String word = text.strip();
    return word.length() >= 2 && word.startsWith("[") && word.endsWith("]")
        ? word.substring(1, word.length() - 1).strip()
        : word;
  }
}
