package dev.salvor.controller.sandbox.ssh;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.sshd.server.Environment;
import org.jspecify.annotations.Nullable;

/// A terminal that a session asked for: made inside the box by `script`, which every Debian has.
///
/// @param kind as TERM names it
record Terminal(String kind, int rows, int columns) {
  private static final int USUAL_ROWS = 24;
  private static final int USUAL_COLUMNS = 80;
  private static final int MOST = 1000;

  static Optional<Terminal> of(Environment environment) {
    Map<String, String> env = environment.getEnv();
    String kind = env.getOrDefault(Environment.ENV_TERM, "");
    return kind.matches("[A-Za-z0-9._+-]{1,40}")
        ? Optional.of(
            new Terminal(
                kind,
                number(env.get(Environment.ENV_LINES), USUAL_ROWS),
                number(env.get(Environment.ENV_COLUMNS), USUAL_COLUMNS)))
        : Optional.empty();
  }

  /// The command that runs this line on a terminal, and ends as the line does.
  List<String> around(String line) {
    String first =
        "export TERM=%s; stty rows %d cols %d 2>/dev/null; ".formatted(kind, rows, columns);
    return List.of("script", "-qefc", first + line, "/dev/null");
  }

  private static int number(@Nullable String text, int usual) {
    return text != null && text.matches("[1-9]\\d{0,4}")
        ? Math.min(Integer.parseInt(text), MOST)
        : usual;
  }
}
