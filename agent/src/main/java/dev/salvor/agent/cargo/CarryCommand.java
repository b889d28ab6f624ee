package dev.salvor.agent.cargo;

import dev.salvor.common.disk.Ballast;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs a carry process: low in CPU and I/O priority, one at a time on the box, even beside one
/// that an agent before this left running.
public final class CarryCommand {
  /// A copy that goes on for longer is stuck: the sender gives up on its own much earlier.
  private static final long DEADLINE_H = 24;

  private static final long MAX_LOG_BYTES = 5L << 20;
  private static final int MAX_ANSWER_BYTES = 64 << 10;

  /// What goes out is hashed where it arrives, and encrypted by native code: of the 4 s of
  /// processor time that a GiB took, the full compiler had two for itself. What comes back is
  /// hashed here.
  private static final String FIRST_COMPILER = "-XX:TieredStopAtLevel=1";

  private static final Logger LOG = LoggerFactory.getLogger(CarryCommand.class);

  private final List<String> java;
  private final Path home;
  private final Ballast ballast;
  private final Optional<Path> aotCache;

  /// @param java the command up to and with the jar
  /// @param aotCache used from when it is there, which may be later
  public CarryCommand(List<String> java, Path home, Ballast ballast, Optional<Path> aotCache) {
    this.java = List.copyOf(java);
    this.home = home;
    this.ballast = ballast;
    this.aotCache = aotCache;
  }

  /// How it ended: its status, and the last line it printed.
  public record Outcome(int exit, String lastLine) {}

  /// @param option "--unit" or "--restore"
  Outcome run(String option, Path file) throws IOException, InterruptedException {
    Path out = writable("answer");
    Path _ = writable("sending");
    Process process = start(option, file, out);
    try {
      if (!process.waitFor(DEADLINE_H, TimeUnit.HOURS)) {
        throw new IOException("The carry process did not end within %d h".formatted(DEADLINE_H));
      }
    } finally {
      process.destroy();
    }
    String lastLine = lastLine(out);
    try {
      keepLog(out);
    } catch (IOException e) {
      // A full disk takes no log; the copy is done all the same.
      LOG.atWarn().addKeyValue("why", e).log("what the copy said is not kept");
    }
    return new Outcome(process.exitValue(), lastLine);
  }

  private Process start(String option, Path file, Path out) throws IOException {
    List<String> command = new ArrayList<>(Gently.words());
    if (Gently.onPath("flock")) {
      command.addAll(List.of("flock", writable("lock").toString()));
    }
    command.add(java.getFirst());
    aotCache.filter(Files::isRegularFile).ifPresent(cache -> command.add("-XX:AOTCache=" + cache));
    if (option.equals("--unit")) {
      command.add(FIRST_COMPILER);
    }
    command.addAll(java.subList(1, java.size()));
    command.addAll(List.of("carry", "--home", home.toString(), option, file.toString()));
    return new ProcessBuilder(command)
        .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
        .redirectErrorStream(true)
        .redirectOutput(out.toFile())
        .start();
  }

  /// A file that is written to: there before the process is, for a full disk makes none.
  private Path writable(String name) throws IOException {
    Path file = home.resolve("carry").resolve(name);
    ballast.ensure(file);
    return file;
  }

  private void keepLog(Path out) throws IOException {
    Path log = home.resolve("carry.log");
    if (Files.exists(log) && Files.size(log) > MAX_LOG_BYTES) {
      Files.delete(log);
    }
    byte[] said = tail(out);
    Files.write(log, said, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  private static String lastLine(Path out) throws IOException {
    String said = new String(tail(out), StandardCharsets.UTF_8);
    return said.lines().filter(line -> !line.isBlank()).reduce("", (before, line) -> line);
  }

  private static byte[] tail(Path file) throws IOException {
    try (var channel = Files.newByteChannel(file)) {
      channel.position(Math.max(0, channel.size() - MAX_ANSWER_BYTES));
      return Channels.newInputStream(channel).readAllBytes();
    }
  }
}
