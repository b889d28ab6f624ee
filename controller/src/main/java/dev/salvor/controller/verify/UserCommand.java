package dev.salvor.controller.verify;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// Runs a user's command on a copy, in a process group of its own that does not outlive it.
final class UserCommand {
  /// Of its output the end is told; the rest is read and dropped.
  private static final int KEPT_OUTPUT = 2000;

  /// What it is handed of our environment: keys of accounts are not for commands.
  private static final Set<String> ENVIRONMENT =
      Set.of(
          "PATH",
          "HOME",
          "USER",
          "LANG",
          "LC_ALL",
          "TMPDIR",
          "TZ",
          "VIRTUAL_ENV",
          "PYTHONPATH",
          "CONDA_PREFIX",
          "LD_LIBRARY_PATH",
          "CUDA_VISIBLE_DEVICES",
          "XDG_RUNTIME_DIR");

  private static final Path SETSID = Path.of("/usr/bin/setsid");
  private static final long KILL_WAIT_SECONDS = 5;

  private UserCommand() {}

  /// Empty where the command ended with 0 and left the copy as it was; else why not.
  static Optional<String> refusal(UserCheck check, Path copy) throws IOException {
    Map<String, String> before = traits(copy);
    Process process = start(check, copy);
    Tail tail = new Tail(process.getInputStream());
    Thread reader = Thread.ofVirtual().name("verify-command").start(tail);
    try {
      boolean ended = process.waitFor(check.timeout().toMillis(), TimeUnit.MILLISECONDS);
      kill(process);
      reader.join(TimeUnit.SECONDS.toMillis(KILL_WAIT_SECONDS));
      if (!ended) {
        return Optional.of(
            "The verify command did not end within %d s and was killed: %s"
                .formatted(check.timeout().toSeconds(), check.command()));
      }
    } catch (InterruptedException e) {
      kill(process);
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted while the verify command ran", e);
    }
    if (process.exitValue() != 0) {
      return Optional.of(
          "The verify command ended with %d: %s%s"
              .formatted(process.exitValue(), check.command(), tail.words()));
    }
    return traits(copy).equals(before)
        ? Optional.empty()
        : Optional.of("The verify command changed the copy: " + check.command());
  }

  /// Where there is setsid, its pid is the number of the command's own process group.
  private static Process start(UserCheck check, Path copy) throws IOException {
    List<String> line = new ArrayList<>();
    if (Files.isExecutable(SETSID)) {
      line.add(SETSID.toString());
    }
    line.addAll(List.of("/bin/sh", "-c", check.on(copy)));
    ProcessBuilder builder = new ProcessBuilder(line).redirectErrorStream(true);
    builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
    builder.environment().keySet().retainAll(ENVIRONMENT);
    // Python would leave compiled files beside what it reads.
    builder.environment().put("PYTHONDONTWRITEBYTECODE", "1");
    return builder.start();
  }

  /// Everything it started, also what it left behind when it ended well.
  private static void kill(Process process) throws IOException {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    if (!Files.isExecutable(SETSID)) {
      return;
    }
    Process kill =
        new ProcessBuilder("/bin/sh", "-c", "kill -s KILL -- -" + process.pid())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      kill.waitFor(KILL_WAIT_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Each file's size and time, by which a change shows.
  private static Map<String, String> traits(Path copy) throws IOException {
    Map<String, String> traits = new TreeMap<>();
    try (Stream<Path> tree = Files.walk(copy)) {
      for (Path file : tree.filter(Files::isRegularFile).toList()) {
        traits.put(
            copy.relativize(file).toString(),
            Files.size(file) + " " + Files.getLastModifiedTime(file));
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    return traits;
  }

  /// Reads a stream to its end and keeps the last of it.
  private static final class Tail implements Runnable {
    private final InputStream in;
    private final StringBuilder kept = new StringBuilder();

    Tail(InputStream in) {
      this.in = in;
    }

    @Override
    public void run() {
      byte[] buffer = new byte[8192];
      try {
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
          keep(new String(buffer, 0, n, StandardCharsets.UTF_8));
        }
      } catch (IOException e) {
        keep(" (its output broke off: " + e.getMessage() + ")");
      }
    }

    private synchronized void keep(String text) {
      kept.append(text);
      kept.delete(0, Math.max(0, kept.length() - KEPT_OUTPUT));
    }

    synchronized String words() {
      String text = kept.toString().strip();
      return text.isEmpty() ? "" : ". It said: " + text;
    }
  }
}
