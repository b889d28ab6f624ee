package dev.salvor.agent.job;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// Sends signals to processes that are still the ones that were meant.
final class Signals {
  /// Numbers as Linux has them on every processor that boxes have.
  static final Map<String, Integer> NUMBERS = Map.of("HUP", 1, "USR1", 10, "USR2", 12, "TERM", 15);

  private static final int DEADLINE_S = 5;

  private Signals() {}

  static void terminate(List<ProcStat> processes) {
    processes.forEach(p -> handle(p).ifPresent(ProcessHandle::destroy));
  }

  static void kill(List<ProcStat> processes) {
    processes.forEach(p -> handle(p).ifPresent(ProcessHandle::destroyForcibly));
  }

  /// Any other signal, by bash's own kill, which is wherever the shim runs.
  static void send(String signal, ProcStat process) throws IOException {
    if (!process.still()) {
      return;
    }
    Process kill =
        new ProcessBuilder(
                "bash", "-c", "kill -s \"$0\" -- \"$1\"", signal, Long.toString(process.pid()))
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

  /// A handle holds the start time, and compares it again before it sends.
  private static Optional<ProcessHandle> handle(ProcStat process) {
    return ProcessHandle.of(process.pid()).filter(_ -> process.still());
  }
}
