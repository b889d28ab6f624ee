package dev.salvor.controller.core.rule;

import dev.salvor.controller.core.Rental;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/// Times and sizes as people say them, in reasons and evidence.
final class Told {
  private static final double MEGA = 1e6;
  private static final double GIGA = 1e9;
  private static final long MINUTES_IN_DAYS = 48 * 60;
  private static final long MINUTES_IN_HOURS = 120;

  private Told() {}

  /// "45 s", "12 min", "3 h 20 min", "2 d 4 h".
  static String time(Duration d) {
    long minutes = d.toMinutes();
    if (minutes < 2) {
      return Math.max(0, d.toSeconds()) + " s";
    }
    if (minutes < MINUTES_IN_HOURS) {
      return minutes + " min";
    }
    return minutes < MINUTES_IN_DAYS
        ? "%d h %d min".formatted(d.toHours(), d.toMinutesPart())
        : "%d d %d h".formatted(d.toDays(), d.toHoursPart());
  }

  /// "restart the job" for RestartTheJob.
  static String kind(Object what) {
    return what.getClass()
        .getSimpleName()
        .replaceAll("(?<=.)(?=[A-Z])", " ")
        .toLowerCase(Locale.ROOT);
  }

  static String job(Rental.JobState job) {
    return switch (job) {
      case Rental.JobState.Idle _ -> "the job does not run";
      case Rental.JobState.Running r ->
          r.hangs() ? "the job hangs: " + r.stalled() : "the job runs";
      case Rental.JobState.Ended _ -> "the job has ended";
    };
  }

  static String bytes(long bytes) {
    return bytes < GIGA
        ? String.format(Locale.ROOT, "%.1f MB", bytes / MEGA)
        : String.format(Locale.ROOT, "%.2f GB", bytes / GIGA);
  }

  /// To the minute, UTC.
  static String moment(Instant at) {
    return at.truncatedTo(ChronoUnit.MINUTES).toString();
  }
}
