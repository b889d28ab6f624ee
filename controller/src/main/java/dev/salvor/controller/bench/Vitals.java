package dev.salvor.controller.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// What the kernel says of a process: memory it holds, processor time it took.
final class Vitals {
  /// Linux's USER_HZ, the unit of /proc/PID/stat everywhere.
  private static final double TICKS_PER_S = 100;

  // Of the fields behind the name, which may hold anything: utime and stime (proc(5)).
  private static final int UTIME = 11;
  private static final int STIME = 12;
  private static final int CHILDREN_UTIME = 13;
  private static final int CHILDREN_STIME = 14;

  private Vitals() {}

  /// Resident memory in MB (10^6 bytes), file pages that others share included.
  static double rssMb(long pid) throws IOException {
    List<String> lines = Files.readAllLines(Path.of("/proc/" + pid + "/status"));
    for (String line : lines) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024 / 1e6;
      }
    }
    throw new IOException("Process " + pid + " has ended");
  }

  static double cpuSeconds(long pid) throws IOException {
    return seconds(pid, UTIME, STIME);
  }

  /// Of children that have ended and were waited for, and of theirs.
  static double childrenCpuSeconds(long pid) throws IOException {
    return seconds(pid, CHILDREN_UTIME, CHILDREN_STIME);
  }

  private static double seconds(long pid, int user, int system) throws IOException {
    String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
    List<String> fields = List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1));
    return (Long.parseLong(fields.get(user)) + Long.parseLong(fields.get(system))) / TICKS_PER_S;
  }
}
