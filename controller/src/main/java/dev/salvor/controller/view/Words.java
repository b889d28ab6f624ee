package dev.salvor.controller.view;

import dev.salvor.controller.core.StatusWords;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Amounts as people read them.
public final class Words {
  private static final String[] BYTE_UNITS = {"B", "kB", "MB", "GB", "TB"};
  private static final double THOUSAND = 1000;
  private static final double TENS = 10;

  private Words() {}

  /// What a platform's or a container runtime's words mean, where they are known not to say it.
  public static Optional<String> meaning(String words) {
    return StatusWords.meaning(words);
  }

  /// "1.2 MB", powers of ten.
  public static String bytes(long bytes) {
    double value = bytes;
    int unit = 0;
    while (value >= THOUSAND && unit < BYTE_UNITS.length - 1) {
      value /= THOUSAND;
      unit++;
    }
    String form = unit == 0 || value >= TENS ? "%.0f %s" : "%.1f %s";
    return String.format(Locale.ROOT, form, value, BYTE_UNITS[unit]);
  }

  /// "9s", "4m05s", "2h07m", "3d04h".
  public static String time(Duration time) {
    long seconds = Math.max(0, time.toSeconds());
    long minutes = seconds / 60;
    long hours = minutes / 60;
    if (minutes == 0) {
      return seconds + "s";
    }
    if (hours == 0) {
      return String.format(Locale.ROOT, "%dm%02ds", minutes, seconds % 60);
    }
    if (hours < 48) {
      return String.format(Locale.ROOT, "%dh%02dm", hours, minutes % 60);
    }
    return String.format(Locale.ROOT, "%dd%02dh", hours / 24, hours % 24);
  }

  /// "1 step", "3 steps".
  public static String count(long count, String noun) {
    return count + " " + noun + (count == 1 ? "" : "s");
  }

  /// Indented below each other, each made safe for a terminal.
  public static String lines(List<String> lines) {
    return String.join("\n  ", lines.stream().map(Words::printable).toList());
  }

  /// What a stranger wrote, made safe for a terminal: control characters become "?".
  public static String printable(String text) {
    StringBuilder safe = new StringBuilder(text.length());
    text.codePoints()
        .map(c -> c == '\t' ? ' ' : Character.isISOControl(c) || bidi(c) ? '?' : c)
        .forEach(safe::appendCodePoint);
    return safe.toString();
  }

  /// Characters that reorder what is shown, so that a line reads other than it is.
  private static boolean bidi(int c) {
    return (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
  }
}
