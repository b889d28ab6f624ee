package dev.salvor.controller.launch;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// Looks at what a box will run, with bash itself and shellcheck where it is installed; nothing of
/// it is run.
public final class StartCheck {
  private static final int PATIENCE_SECONDS = 30;

  /// Of what a checker says; it may say very much.
  private static final int MAX_LINES = 10;

  private StartCheck() {}

  /// One look.
  ///
  /// @param absent the tool is not on this machine, so nobody looked
  public record Look(String what, boolean good, boolean absent, List<String> words) {
    public Look {
      words = List.copyOf(words);
    }
  }

  /// What bash and shellcheck say of them.
  ///
  /// @param texts scripts by what they are called
  public static List<Look> shell(Map<String, String> texts) {
    List<Look> looks = new ArrayList<>();
    looks.add(every("bash -n", List.of("bash", "-n"), texts));
    looks.add(
        every(
            "shellcheck", List.of("shellcheck", "-s", "bash", "-S", "error", "-f", "gcc"), texts));
    return looks;
  }

  private static Look every(String name, List<String> command, Map<String, String> texts) {
    List<String> words = new ArrayList<>();
    for (Map.Entry<String, String> text : texts.entrySet()) {
      try {
        Optional<List<String>> said = said(command, text.getValue());
        if (said.isEmpty()) {
          return new Look(
              name, true, true, List.of(command.getFirst() + " is not installed: not looked at"));
        }
        said.get().stream()
            .limit(MAX_LINES)
            .forEach(line -> words.add(text.getKey() + ": " + line));
      } catch (IOException e) {
        words.add(text.getKey() + ": " + e.getMessage());
      }
    }
    return new Look(name, words.isEmpty(), false, words);
  }

  /// What the checker complains of; empty where there is no such checker.
  private static Optional<List<String>> said(List<String> command, String text) throws IOException {
    Path script = Files.createTempFile("salvor-check", ".sh");
    Path out = Files.createTempFile("salvor-check", ".out");
    try {
      Files.writeString(script, text);
      List<String> words = new ArrayList<>(command);
      words.add(script.toString());
      Process process;
      try {
        process =
            new ProcessBuilder(words)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
      } catch (IOException e) {
        return Optional.empty();
      }
      boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
      process.destroyForcibly();
      if (!ended) {
        return Optional.of(List.of("not done within %d s".formatted(PATIENCE_SECONDS)));
      }
      String said =
          Files.readString(out, StandardCharsets.UTF_8).replace(script.toString(), "line");
      boolean silent = process.exitValue() != 0 && said.isBlank();
      return Optional.of(silent ? List.of("refused without a word") : said.lines().toList());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } finally {
      Files.deleteIfExists(script);
      Files.deleteIfExists(out);
    }
  }
}
