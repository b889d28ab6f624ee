package dev.salvor.controller.tunnel;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A system program run to its end, with a deadline, its output in a file.
final class Command {
  private static final int TAIL = 400;

  private Command() {}

  /// How it ended.
  ///
  /// @param status its exit status
  /// @param tail the end of what it said, on one line
  record Ended(int status, String tail) {}

  static Ended run(List<String> command, Path log, Duration patience) throws TunnelException {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
              .start();
      try {
        if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
          throw new TunnelException(command.getFirst() + " did not end within " + patience, null);
        }
        return new Ended(process.exitValue(), tail(log));
      } finally {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      }
    } catch (IOException e) {
      throw new TunnelException(
          "Cannot run " + command.getFirst() + ": " + e.getMessage() + ". Is it installed?", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TunnelException(command.getFirst() + " was interrupted", e);
    }
  }

  private static String tail(Path log) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
      long from = Math.max(0, file.length() - TAIL);
      byte[] end = new byte[(int) (file.length() - from)];
      file.seek(from);
      file.readFully(end);
      return new String(end, StandardCharsets.UTF_8).strip().replace('\n', ' ');
    }
  }
}
