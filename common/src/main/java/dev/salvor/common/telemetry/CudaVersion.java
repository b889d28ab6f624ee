package dev.salvor.common.telemetry;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Finds the CUDA toolkit's version in its version.json.
public final class CudaVersion {
  // {"cuda": {"name": "CUDA SDK", "version": "12.4.1"}, ...}, as the toolkit's installer writes it.
  private static final Pattern CUDA =
      Pattern.compile(
          "\"cuda\"\\s*:\\s*\\{[^}]{0,200}?\"version\"\\s*:\\s*\"([0-9][0-9.]{0,20})\"");

  private CudaVersion() {}

  public static Optional<String> fromJson(String json) {
    Matcher matcher = CUDA.matcher(json);
    return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
  }
}
