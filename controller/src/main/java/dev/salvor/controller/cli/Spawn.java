package dev.salvor.controller.cli;

import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/// Starts processes of ours that outlive the terminal.
final class Spawn {
  /// A session of its own: neither Ctrl-C nor Ctrl-Z nor the terminal's end reaches it. Where there
  /// is no setsid (macOS), it ignores what the terminal sends.
  private static final String DETACH =
      "if command -v setsid >/dev/null 2>&1; then exec setsid \"$@\"; fi; trap '' INT HUP TSTP;"
          + " exec \"$@\"";

  private static final String MAIN = "dev.salvor.controller.main.Main";

  /// Past this a log begins anew; the one before is kept.
  private static final long MAX_LOG_BYTES = 8 << 20;

  private static final int TAIL_BYTES = 4096;
  private static final int TAIL_LINES = 12;

  private Spawn() {}

  /// Starts this very program with other arguments, its output to a log.
  static Process detached(List<String> args, Path log) throws Failure {
    List<String> command = new ArrayList<>(List.of("sh", "-c", DETACH, "sh"));
    command.addAll(java());
    command.addAll(args);
    try {
      if (Files.exists(log) && Files.size(log) > MAX_LOG_BYTES) {
        Files.move(
            log, log.resolveSibling(log.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
      }
      return new ProcessBuilder(command)
          .redirectInput(new File("/dev/null"))
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
          .start();
    } catch (IOException e) {
      throw new Failure(
          Exit.ENVIRONMENT,
          "Cannot start %s in the background: %s. Is there room for %s?"
              .formatted(args.getFirst(), e.getMessage(), log),
          e);
    }
  }

  /// The Java and the class path that this process runs on, with flags for a small, long life.
  private static List<String> java() {
    List<String> java =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xmx256m",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow"));
    String home = System.getProperty("salvor.home", "");
    if (!home.isEmpty()) {
      java.add("-Dsalvor.home=" + home);
    }
    java.addAll(List.of("-cp", System.getProperty("java.class.path"), MAIN));
    return java;
  }

  /// The last lines of a log; empty where there is none.
  static List<String> tail(Path log) {
    try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
      long from = Math.max(0, file.length() - TAIL_BYTES);
      file.seek(from);
      byte[] bytes = new byte[(int) (file.length() - from)];
      file.readFully(bytes);
      List<String> lines = new String(bytes, StandardCharsets.UTF_8).lines().toList();
      return lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size());
    } catch (IOException _) {
      return List.of();
    }
  }
}
