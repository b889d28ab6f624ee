package dev.salvor.agent.job;

import dev.salvor.common.pattern.LinePattern;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks for patterns in the lines of a job's log. Each line is told once, also where an agent that
/// comes anew reads it again: how far the search was lies in a file.
final class LineSearch {
  private static final Logger LOG = LoggerFactory.getLogger(LineSearch.class);

  /// One that fits every line is told once in so long, and so often a start.
  static final long REST_NANOS = TimeUnit.SECONDS.toNanos(60);

  static final int MOST = 20;

  private final Path file;
  private final SortedMap<Integer, Sought> sought = new TreeMap<>();
  private Consumer<Hit> told = hit -> {};
  private long from;

  /// @param file where it is written how far the search was
  LineSearch(Path file) {
    this.file = file;
  }

  /// A line that fits.
  ///
  /// @param policy which of the patterns, counted from 1
  record Hit(int policy, String line) {}

  /// Where a search begins.
  ///
  /// @param end of the log as it is now
  /// @param goOn where an earlier search was, as far as that is known
  record Place(long end, boolean goOn) {}

  /// A pattern, and how often it was told.
  private static final class Sought {
    private final LinePattern pattern;
    private int times;
    private long restsUntil;

    Sought(LinePattern pattern) {
      this.pattern = pattern;
    }

    boolean due(long now) {
      boolean due = times < MOST && (times == 0 || now - restsUntil >= 0);
      if (due) {
        times++;
        restsUntil = now + REST_NANOS;
      }
      return due;
    }
  }

  void begin(List<String> patterns, Consumer<Hit> whom, Place place) {
    sought.clear();
    for (int i = 0; i < patterns.size(); i++) {
      try {
        sought.put(i + 1, new Sought(LinePattern.of(patterns.get(i))));
      } catch (IllegalArgumentException e) {
        // The controller that sent it could read it: it is of another build.
        LOG.atError()
            .addKeyValue("pattern", patterns.get(i))
            .addKeyValue("why", e.getMessage())
            .log("no pattern that this agent knows");
      }
    }
    told = whom;
    if (!sought.isEmpty()) {
      from = place.goOn() ? written(place.end()) : place.end();
      write();
    }
  }

  /// @param end where in the log the line ends
  void look(String line, long end) {
    if (sought.isEmpty() || end <= from) {
      return;
    }
    boolean hit = false;
    for (Map.Entry<Integer, Sought> each : sought.entrySet()) {
      Sought one = each.getValue();
      if (one.pattern.isIn(line) && one.due(System.nanoTime())) {
        told.accept(new Hit(each.getKey(), line));
        hit = true;
      }
    }
    if (hit) {
      from = end;
      write();
    }
  }

  /// The log begins anew.
  void again() {
    if (from > 0) {
      from = 0;
      write();
    }
  }

  private long written(long otherwise) {
    try {
      return Math.min(otherwise, Long.parseLong(Files.readString(file).strip()));
    } catch (IOException | NumberFormatException e) {
      return otherwise;
    }
  }

  /// Where that cannot be, a line may be told twice.
  private void write() {
    try {
      Path temp = file.resolveSibling(file.getFileName() + ".tmp");
      Files.writeString(temp, Long.toString(from));
      Files.move(temp, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      LOG.atWarn()
          .addKeyValue("why", e)
          .log("cannot write down how far the job's log was searched");
    }
  }
}
