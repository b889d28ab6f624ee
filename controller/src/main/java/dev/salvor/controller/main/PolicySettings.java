package dev.salvor.controller.main;

import dev.salvor.common.unit.SpanText;
import dev.salvor.common.unit.Usd;
import dev.salvor.controller.core.Policy;
import dev.salvor.controller.core.Unattended;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;

/// Reads from the environment what boxes may do while no controller answers (`SALVOR_LEASE`,
/// `SALVOR_UNATTENDED`, `SALVOR_START_ALONE`) and how long a box may take to come up
/// (`SALVOR_LOADING`); and what all runs together may cost, a UTC day and in all
/// (`SALVOR_BUDGET_DAY`, `SALVOR_BUDGET_ALL`, US dollars). Times are "90s", "10m", "2h", "3d"; to
/// start alone is allowed unless "never".
final class PolicySettings {

  private static final Pattern DOLLARS = Pattern.compile("[0-9]{1,7}([.][0-9]{1,2})?");

  private PolicySettings() {}

  static Policy of(Map<String, String> env) throws IOException {
    Policy usual = Policy.DEFAULT;
    Unattended unattended =
        new Unattended(
            time(env, "SALVOR_LEASE", usual.unattended().lease()),
            time(env, "SALVOR_UNATTENDED", usual.unattended().grace()),
            !env.getOrDefault("SALVOR_START_ALONE", "").equals("never"));
    Duration loading = time(env, "SALVOR_LOADING", usual.patience().loading());
    return usual
        .with(unattended)
        .with(usual.patience().loading(loading))
        .with(
            new Policy.Caps(dollars(env, "SALVOR_BUDGET_DAY"), dollars(env, "SALVOR_BUDGET_ALL")));
  }

  /// Zero where nobody set it.
  private static Usd dollars(Map<String, String> env, String name) throws IOException {
    String text = env.getOrDefault(name, "").strip();
    if (text.isEmpty()) {
      return Usd.ZERO;
    }
    if (!DOLLARS.matcher(text).matches()) {
      throw new IOException(
          "Cannot use %s=%s: write an amount in US dollars such as 25 or 12.50."
              .formatted(name, text));
    }
    return Usd.of(Double.parseDouble(text));
  }

  private static Duration time(Map<String, String> env, String name, Duration usual)
      throws IOException {
    String text = env.getOrDefault(name, "").strip();
    if (text.isEmpty()) {
      return usual;
    }
    return SpanText.parse(text)
        .orElseThrow(() ->
            new IOException("Cannot use %s=%s: write %s.".formatted(name, text, SpanText.SHAPE)));
  }
}
