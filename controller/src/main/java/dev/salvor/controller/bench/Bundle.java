package dev.salvor.controller.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// The agent with its runtime, made by the script that makes it for boxes.
///
/// @param unpacked where the archive was unpacked to
record Bundle(Path unpacked, long jarBytes, long archiveBytes) {
  private static final int PATIENCE_S = 300;

  static Bundle make(Lab lab) throws IOException, InterruptedException {
    Path archive = lab.place().resolve("bundle.tgz");
    Path unpacked = Files.createDirectories(lab.place().resolve("bundle"));
    lab.told().accept("making the bundle with its runtime");
    run(
        List.of(
            "bash", lab.installation().resolve("images/bundle.sh").toString(), archive.toString()));
    run(List.of("tar", "-xzf", archive.toString(), "-C", unpacked.toString()));
    Path jar = lab.installation().resolve("agent/target/agent.jar");
    return new Bundle(unpacked, Files.size(jar), Files.size(archive));
  }

  private static void run(List<String> command) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    Path said = Files.createTempFile("salvor-bench", ".log");
    try {
      Process process = builder.redirectOutput(said.toFile()).start();
      boolean ended = process.waitFor(PATIENCE_S, TimeUnit.SECONDS);
      process.destroyForcibly();
      if (!ended || process.exitValue() != 0) {
        throw new IOException(
            "%s failed: %s".formatted(String.join(" ", command), Files.readString(said).strip()));
      }
    } finally {
      Files.delete(said);
    }
  }
}
