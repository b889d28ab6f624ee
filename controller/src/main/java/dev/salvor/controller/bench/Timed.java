package dev.salvor.controller.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// How long a command took, and what processor time it and all it started took.
record Timed(double seconds, double cpuSeconds) {
  /// The shell tells what its children took in its last line: "0m1.48s 0m1.49s".
  private static final String RUN = "\"$@\" >/dev/null; code=$?; times; exit $code";

  private static final Pattern MINUTES = Pattern.compile("([0-9]+)m([0-9.]+)s");
  private static final int PATIENCE_S = 600;

  static Timed of(List<String> command, Map<String, String> env)
      throws IOException, InterruptedException {
    List<String> wrapped = new ArrayList<>(List.of("sh", "-c", RUN, "sh"));
    wrapped.addAll(command);
    Path said = Files.createTempFile("salvor-bench", ".log");
    try {
      ProcessBuilder builder = new ProcessBuilder(wrapped).redirectError(said.toFile());
      builder.environment().putAll(env);
      long begun = System.nanoTime();
      Process process = builder.start();
      byte[] told = process.getInputStream().readAllBytes();
      boolean ended = process.waitFor(PATIENCE_S, TimeUnit.SECONDS);
      double seconds = (System.nanoTime() - begun) / 1e9;
      process.destroyForcibly();
      if (!ended || process.exitValue() != 0) {
        throw new IOException(
            "%s failed: %s".formatted(String.join(" ", command), Files.readString(said).strip()));
      }
      return new Timed(seconds, children(new String(told, StandardCharsets.US_ASCII)));
    } finally {
      Files.delete(said);
    }
  }

  Timed plus(double moreCpuSeconds) {
    return new Timed(seconds, cpuSeconds + moreCpuSeconds);
  }

  private static double children(String times) {
    String last = times.strip().lines().reduce("", (_, line) -> line);
    double sum = 0;
    Matcher each = MINUTES.matcher(last);
    while (each.find()) {
      sum += 60 * Double.parseDouble(each.group(1)) + Double.parseDouble(each.group(2));
    }
    return sum;
  }
}
