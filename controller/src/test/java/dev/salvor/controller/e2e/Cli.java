package dev.salvor.controller.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/// One command of `salvor`, as its launcher starts it, with its output in files.
final class Cli {
  private static final ObjectMapper JSON = new ObjectMapper();

  /// Nothing here takes so long on an idle machine; a busy one is given time.
  static final Duration PATIENCE = Duration.ofMinutes(4);

  private final Process process;
  private final Path out;
  private final Path err;

  private Cli(Process process, Path out, Path err) {
    this.process = process;
    this.out = out;
    this.err = err;
  }

  /// How it ended and what it said.
  record Ended(int code, String out, String err) {
    JsonNode json() throws IOException {
      return JSON.readTree(out);
    }

    /// The one line in which it says why it failed.
    String complaint() {
      return err.lines().filter(line -> line.startsWith("salvor: ")).findFirst().orElse("");
    }
  }

  /// @param before words before the command, as `unshare` takes them
  static Cli start(Path output, List<String> before, List<String> arguments) throws IOException {
    Path home = installation();
    List<String> command = new ArrayList<>(before);
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:-UsePerfData",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Dsalvor.home=" + home,
            "-jar",
            home.resolve("controller/target/controller.jar").toString()));
    command.addAll(arguments);
    Path out = Files.createTempFile(output, arguments.getFirst() + "-", ".out");
    Path err = Files.createTempFile(output, arguments.getFirst() + "-", ".err");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
    return new Cli(builder.start(), out, err);
  }

  boolean runs() {
    return process.isAlive();
  }

  long pid() {
    return process.pid();
  }

  String said() throws IOException {
    return Files.readString(out) + Files.readString(err);
  }

  /// Waits for something that happens while it runs.
  void until(String what, Callable<Boolean> condition) throws Exception {
    Until.holds(
        what,
        PATIENCE,
        () -> {
          boolean holds = condition.call();
          if (!holds && !runs()) {
            throw new AssertionError("it ended before this: " + what + "; it said: " + said());
          }
          return holds;
        });
  }

  /// Sends what the terminal sends on Ctrl-C.
  void pressCtrlC() throws IOException, InterruptedException {
    int code = new ProcessBuilder("kill", "-INT", Long.toString(pid())).start().waitFor();
    if (code != 0) {
      throw new AssertionError("no process to interrupt; it said: " + said());
    }
  }

  Ended ended() throws IOException, InterruptedException {
    if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      throw new AssertionError("it did not end within " + PATIENCE + ": " + said());
    }
    return new Ended(process.exitValue(), Files.readString(out), Files.readString(err));
  }

  /// A test runs in its module's folder, an IDE perhaps above it.
  private static Path installation() {
    Path at = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(at.resolve("onstart"))) {
      at = at.getParent();
      if (at == null) {
        throw new IllegalStateException("no checkout above " + Path.of("").toAbsolutePath());
      }
    }
    return at;
  }
}
