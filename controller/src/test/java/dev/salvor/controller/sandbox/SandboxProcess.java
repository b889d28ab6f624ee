package dev.salvor.controller.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// A sandbox in a process of its own, to be killed by its number.
final class SandboxProcess implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 20;

  final Process process;
  final SandboxRig rig;

  private SandboxProcess(Process process, SandboxRig rig) {
    this.process = process;
    this.rig = rig;
  }

  /// What the process runs: `HOME IDLE_SECONDS`.
  public static void main(String[] args) throws Exception {
    SandboxConfig config = SandboxRig.config(Path.of(args[0]), SandboxRig.manner(false, false));
    SandboxMain.run(
        new SandboxConfig(
            config.stateDir(),
            0,
            config.bundle(),
            Optional.empty(),
            config.seed(),
            true,
            Duration.ofSeconds(Long.parseLong(args[1])),
            config.manner()));
  }

  static SandboxProcess start(Path home, int idleSeconds) throws IOException {
    Process process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:TieredStopAtLevel=1",
                    "-cp",
                    System.getProperty("java.class.path"),
                    SandboxProcess.class.getName(),
                    home.toString(),
                    Integer.toString(idleSeconds)))
            .redirectError(home.resolve("stderr").toFile())
            .start();
    BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
    String line = out.readLine();
    if (line == null) {
      throw new IllegalStateException("no first line, see " + home.resolve("stderr"));
    }
    JsonNode endpoint = SandboxRig.JSON.readTree(line);
    return new SandboxProcess(process, SandboxRig.at(home, endpoint));
  }

  void kill() throws InterruptedException {
    process.destroyForcibly();
    awaitEnd();
  }

  boolean awaitEnd() throws InterruptedException {
    return process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  /// Closes by signal; a killed one has left its boxes running, for the next to adopt.
  @Override
  public void close() {
    try {
      process.destroy();
      awaitEnd();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      process.destroyForcibly();
    }
  }
}
