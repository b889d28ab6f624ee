package dev.salvor.common.unit;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Spans of time as people write them: "90s", "10m", "2h", "3d".
public final class SpanText {
  /// How it is written, for messages.
  public static final String SHAPE = "a time such as 90s, 10m, 2h or 3d";

  private static final Pattern SPAN = Pattern.compile("([0-9]{1,6})([smhd])");

  private SpanText() {}

  /// Empty where it is no such text.
  public static Optional<Duration> parse(String text) {
    Matcher span = SPAN.matcher(text.strip());
    if (!span.matches()) {
      return Optional.empty();
    }
    long count = Long.parseLong(span.group(1));
    return Optional.of(
        switch (span.group(2)) {
          case "s" -> Duration.ofSeconds(count);
          case "m" -> Duration.ofMinutes(count);
          case "h" -> Duration.ofHours(count);
          default -> Duration.ofDays(count);
        });
  }
}
