package dev.salvor.controller.main;

import dev.salvor.controller.core.Unattended;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads from the environment what boxes may do while no controller answers: `SALVOR_LEASE`,
/// `SALVOR_UNATTENDED` ("90s", "10m", "2h", "3d") and `SALVOR_START_ALONE` ("never").
final class UnattendedSettings {
  private static final Pattern TIME = Pattern.compile("([0-9]{1,6})([smhd])");

  private UnattendedSettings() {}

  static Unattended of(Map<String, String> env) throws IOException {
    Unattended usual = Unattended.DEFAULT;
    return new Unattended(
        time(env, "SALVOR_LEASE", usual.lease()),
        time(env, "SALVOR_UNATTENDED", usual.grace()),
        !env.getOrDefault("SALVOR_START_ALONE", "").equals("never"));
  }

  private static Duration time(Map<String, String> env, String name, Duration usual)
      throws IOException {
    String text = env.getOrDefault(name, "").strip();
    if (text.isEmpty()) {
      return usual;
    }
    Matcher time = TIME.matcher(text);
    if (!time.matches()) {
      throw new IOException(
          "Cannot use %s=%s: write a time such as 90s, 10m, 2h or 3d.".formatted(name, text));
    }
    long count = Long.parseLong(time.group(1));
    return switch (time.group(2).charAt(0)) {
      case 's' -> Duration.ofSeconds(count);
      case 'm' -> Duration.ofMinutes(count);
      case 'h' -> Duration.ofHours(count);
      case 'd' -> Duration.ofDays(count);
      default -> throw new IllegalStateException("The pattern names the units: " + text);
    };
  }
}
