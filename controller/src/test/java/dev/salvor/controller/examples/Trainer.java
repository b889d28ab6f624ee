package dev.salvor.controller.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// One run of a trainer as a child process, its output in a file.
final class Trainer implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private final Process process;
  private final Path output;

  private Trainer(Process process, Path output) {
    this.process = process;
    this.output = output;
  }

  static Trainer start(Path folder, List<String> command, Object... more) throws IOException {
    Path output = Files.createTempFile(folder, "output", ".log");
    var all = new ArrayList<>(command);
    for (Object word : more) {
      all.add(word.toString());
    }
    var builder = new ProcessBuilder(all).directory(folder.toFile()).redirectErrorStream(true);
    return new Trainer(builder.redirectOutput(output.toFile()).start(), output);
  }

  String output() throws IOException {
    return Files.readString(output, UTF_8);
  }

  /// Blocks until the output holds this text.
  void awaitOutput(String text) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!output().contains(text)) {
      assertThat(process.waitFor(10, TimeUnit.MILLISECONDS) && !output().contains(text))
          .as("ended with %s before '%s': %s", process, text, output())
          .isFalse();
      assertThat(System.nanoTime()).as("waiting for '%s': %s", text, output()).isLessThan(deadline);
    }
  }

  int exit() throws IOException, InterruptedException {
    boolean ended = process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    assertThat(ended).as("still running: %s", output()).isTrue();
    return process.exitValue();
  }

  /// SIGTERM.
  void terminate() {
    process.destroy();
  }

  /// SIGKILL.
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
