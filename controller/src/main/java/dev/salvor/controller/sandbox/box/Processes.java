package dev.salvor.controller.sandbox.box;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/// Finding and killing processes on this machine, never by name.
final class Processes {
  private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(4);

  private Processes() {}

  static void kill(ProcessId id) {
    if (id.alive()) {
      ProcessHandle.of(id.pid()).ifPresent(ProcessHandle::destroyForcibly);
    }
  }

  static void awaitGone(String what, Collection<ProcessId> all, Duration limit)
      throws BoxException {
    long deadline = System.nanoTime() + limit.toNanos();
    while (all.stream().anyMatch(ProcessId::alive)) {
      if (System.nanoTime() - deadline > 0) {
        throw new BoxException(
            "Cannot kill " + what + ": still there " + limit.toSeconds() + " s after SIGKILL");
      }
      LockSupport.parkNanos(POLL_NANOS);
    }
  }

  /// Processes whose environment at their start held `NAME=value`.
  static List<ProcessId> withVariable(String pair) {
    return Files.isDirectory(Path.of("/proc/self")) ? inProc(pair) : inPs(pair);
  }

  private static List<ProcessId> inProc(String pair) {
    var found = new ArrayList<ProcessId>();
    try (Stream<Path> entries = Files.list(Path.of("/proc"))) {
      for (Path entry : (Iterable<Path>) entries::iterator) {
        String name = entry.getFileName().toString();
        if (Character.isDigit(name.charAt(0)) && environ(entry).contains("\0" + pair + "\0")) {
          ProcessId.of(Long.parseLong(name)).ifPresent(found::add);
        }
      }
    } catch (IOException e) {
      return found;
    }
    return found;
  }

  /// Empty for processes of others, and for those that ended meanwhile.
  private static String environ(Path process) {
    try {
      byte[] bytes = Files.readAllBytes(process.resolve("environ"));
      return "\0" + new String(bytes, StandardCharsets.ISO_8859_1) + "\0";
    } catch (IOException e) {
      return "";
    }
  }

  private static List<ProcessId> inPs(String pair) {
    var found = new ArrayList<ProcessId>();
    try {
      Process ps =
          new ProcessBuilder("ps", "-E", "-ww", "-ax", "-o", "pid=,command=")
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      ps.getOutputStream().close();
      for (String line :
          new String(ps.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines().toList()) {
        if ((line + " ").contains(" " + pair + " ")) {
          ProcessId.of(Long.parseLong(line.strip().split(" ", 2)[0])).ifPresent(found::add);
        }
      }
    } catch (IOException e) {
      return found;
    }
    return found;
  }
}
