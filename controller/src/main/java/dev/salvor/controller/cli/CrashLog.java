package dev.salvor.controller.cli;

import dev.salvor.controller.desk.StateDir;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;

/// Where the stack traces of verbs go, since nobody wants them on the screen.
final class CrashLog {
  private CrashLog() {}

  /// Returns where it is, as a sentence.
  static String keep(Session session, Throwable crash) {
    StringWriter trace = new StringWriter();
    crash.printStackTrace(new PrintWriter(trace, true));
    Path log = StateDir.usual(session.env(), session.home()).resolve("salvor.log");
    try {
      Files.createDirectories(log.getParent());
      Files.writeString(
          log, Instant.now() + " " + trace, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      return "Please report it with what is in " + log + ".";
    } catch (IOException e) {
      return "It could not even be written to " + log + ": " + e + ".";
    }
  }
}
