package dev.salvor.agent.main;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.temporal.ChronoUnit;
import java.util.logging.ConsoleHandler;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/// One record, one line: UTC time, level, message with its key=value pairs.
final class LogLine extends Formatter {
  /// Makes it the only way in which this process logs: to stderr.
  static void install() {
    Logger root = Logger.getLogger("");
    for (Handler handler : root.getHandlers()) {
      root.removeHandler(handler);
    }
    Handler stderr = new ConsoleHandler();
    stderr.setFormatter(new LogLine());
    stderr.setLevel(Level.INFO);
    root.addHandler(stderr);
    root.setLevel(Level.INFO);
    // gRPC and Netty tell of each failed connection at length; the link says it in a line.
    Logger.getLogger("io.grpc").setLevel(Level.SEVERE);
    Logger.getLogger("io.netty").setLevel(Level.WARNING);
  }

  @Override
  public String format(LogRecord record) {
    StringBuilder line = new StringBuilder();
    line.append(record.getInstant().truncatedTo(ChronoUnit.MILLIS)).append(' ');
    line.append(level(record.getLevel())).append(' ');
    line.append(oneLine(formatMessage(record)));
    Throwable thrown = record.getThrown();
    if (thrown != null) {
      StringWriter trace = new StringWriter();
      thrown.printStackTrace(new PrintWriter(trace));
      line.append(" thrown=").append(oneLine(trace.toString()));
    }
    return line.append('\n').toString();
  }

  private static String level(Level level) {
    if (level.intValue() >= Level.SEVERE.intValue()) {
      return "ERROR";
    }
    return level.intValue() >= Level.WARNING.intValue() ? "WARN" : "INFO";
  }

  private static String oneLine(String text) {
    return text.replace("\r", "").replace("\n", " | ");
  }
}
