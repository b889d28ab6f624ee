package dev.salvor.agent.job;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// One line of /proc/PID/stat (proc(5)): enough to know a process from another that got its number.
///
/// @param ticks processor time used, of its threads together, in clock ticks
/// @param threads how many it has
record ProcStat(
    long pid, char state, long parent, long session, long ticks, int threads, long startTicks) {
  // Fields after the name, counted from the state as 0.
  private static final int PARENT = 1;
  private static final int SESSION = 3;
  private static final int USER_TICKS = 11;
  private static final int SYSTEM_TICKS = 12;
  private static final int THREADS = 17;
  private static final int START = 19;

  /// Of a clock tick; 100 a second on every Linux that boxes run.
  static final long TICK_MS = 10;

  /// Empty where there is no such process.
  static Optional<ProcStat> of(long pid) {
    try {
      return parse(
          Files.readString(Path.of("/proc/" + pid + "/stat"), StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /// Every living process that can be seen.
  static List<ProcStat> all() throws IOException {
    List<ProcStat> all = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(Path.of("/proc"), "[1-9]*")) {
      for (Path entry : entries) {
        of(Long.parseLong(entry.getFileName().toString()))
            .filter(ProcStat::alive)
            .ifPresent(all::add);
      }
    }
    return all;
  }

  static Optional<ProcStat> parse(String line) {
    int open = line.indexOf(" (");
    int close = line.lastIndexOf(") ");
    if (open < 0 || close < open) {
      return Optional.empty();
    }
    String[] fields = line.substring(close + 2).strip().split(" ", -1);
    if (fields.length <= START || fields[0].length() != 1) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new ProcStat(
              Long.parseLong(line.substring(0, open)),
              fields[0].charAt(0),
              Long.parseLong(fields[PARENT]),
              Long.parseLong(fields[SESSION]),
              Long.parseLong(fields[USER_TICKS]) + Long.parseLong(fields[SYSTEM_TICKS]),
              Integer.parseInt(fields[THREADS]),
              Long.parseLong(fields[START])));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  /// Not a corpse that waits to be collected.
  boolean alive() {
    return state != 'Z' && state != 'X';
  }

  /// Whether this number still is that process.
  boolean still() {
    return of(pid).filter(now -> now.alive() && now.startTicks == startTicks).isPresent();
  }
}
