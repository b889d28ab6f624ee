package dev.salvor.agent.job;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Sends signals by bash's own kill, which is wherever the shim runs.
final class Signals {
  private static final int DEADLINE_S = 5;

  private Signals() {}

  /// To a whole process group.
  static void group(String signal, long group) throws IOException {
    send(signal, List.of("-" + group));
  }

  /// To each of these processes.
  static void each(String signal, List<ProcStat> processes) throws IOException {
    if (!processes.isEmpty()) {
      send(signal, processes.stream().map(p -> Long.toString(p.pid())).toList());
    }
  }

  /// Targets that are gone already are no failure.
  private static void send(String signal, List<String> targets) throws IOException {
    List<String> command = new ArrayList<>(List.of("bash", "-c", "kill -s \"$0\" -- \"$@\""));
    command.add(signal);
    command.addAll(targets);
    Process kill =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      if (!kill.waitFor(DEADLINE_S, TimeUnit.SECONDS)) {
        kill.destroyForcibly();
        throw new IOException("kill did not end within %d s".formatted(DEADLINE_S));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted while sending " + signal, e);
    }
  }
}
