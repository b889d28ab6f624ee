package dev.salvor.controller.main;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.logging.ConsoleHandler;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/// One line a record on stderr: UTC time, level, who, what. A cause adds its trace, for the log
/// only.
final class Logs extends Formatter {
  /// Held, so that the level set on it is not collected with it.
  private static final Logger ROOT = Logger.getLogger("");

  static void configure() {
    for (var handler : ROOT.getHandlers()) {
      ROOT.removeHandler(handler);
    }
    ConsoleHandler console = new ConsoleHandler();
    console.setFormatter(new Logs());
    console.setLevel(Level.INFO);
    ROOT.addHandler(console);
  }

  @Override
  public String format(LogRecord record) {
    String who = String.valueOf(record.getLoggerName());
    String line =
        "%s %-7s %s %s%n"
            .formatted(
                record.getInstant().toString(),
                record.getLevel(),
                who.substring(who.lastIndexOf('.') + 1),
                formatMessage(record));
    return record.getThrown() == null ? line : line + trace(record.getThrown());
  }

  private static String trace(Throwable thrown) {
    StringWriter text = new StringWriter();
    thrown.printStackTrace(new PrintWriter(text, true));
    return text.toString();
  }
}
