package dev.salvor.common.telemetry;

import java.util.Locale;

/// Numbers as people read them.
public final class Amounts {
  private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

  private Amounts() {}

  /// As "96.0 GiB".
  public static String bytes(long bytes) {
    return bytes((double) bytes);
  }

  /// As "96.0 GiB".
  public static String bytes(double bytes) {
    double left = bytes;
    int unit = 0;
    while (Math.abs(left) >= 1024 && unit < UNITS.length - 1) {
      left /= 1024;
      unit++;
    }
    return unit == 0
        ? "%.0f B".formatted(left)
        : String.format(Locale.ROOT, "%.1f %s", left, UNITS[unit]);
  }

  /// Without a fraction where there is none.
  public static String plain(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : String.format(Locale.ROOT, "%.2f", value);
  }
}
