package dev.salvor.controller.cli;

import dev.salvor.controller.desk.DeskException;
import dev.salvor.controller.view.Words;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Starts a process in the background and waits until it answers.
final class Background {
  /// A JVM is up in a second, on a machine that is busy with other things in twenty. One that ends
  /// is noticed at once.
  static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final long POLL_MS = 50;

  private Background() {}

  /// Whether it answers yet.
  interface Probe<T> {
    Optional<T> ask(long pid) throws DeskException, Failure;
  }

  /// Starts it, and returns what its probe found; fails with the tail of its log.
  static <T> T start(String what, List<String> args, Path log, Probe<T> probe)
      throws Failure, DeskException {
    Process process = Spawn.detached(args, log);
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < deadline) {
      Optional<T> found = probe.ask(process.pid());
      if (found.isPresent()) {
        return found.get();
      }
      if (!process.isAlive()) {
        Optional<T> other = probe.ask(process.pid());
        if (other.isPresent()) {
          return other.get();
        }
        throw ended(what, process.exitValue(), log);
      }
      pause();
    }
    process.destroy();
    throw new Failure(
        Exit.ENVIRONMENT,
        "Cannot start %s: it did not answer within %s and was ended.%s"
            .formatted(what, Words.time(PATIENCE), log(log)));
  }

  /// Waits until a process has ended; false where it has not in time.
  static boolean ended(long pid, Duration most) {
    long deadline = System.nanoTime() + most.toNanos();
    while (ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false)) {
      if (System.nanoTime() > deadline) {
        return false;
      }
      pause();
    }
    return true;
  }

  static void pause() {
    try {
      Thread.sleep(POLL_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Nobody interrupts the command line's thread", e);
    }
  }

  private static Failure ended(String what, int code, Path log) {
    Exit exit =
        code == Exit.ENVIRONMENT.code() || code == Exit.USAGE.code()
            ? Exit.ENVIRONMENT
            : Exit.INTERNAL;
    return new Failure(
        exit,
        "Cannot start %s: it ended with exit status %d (%s).%s"
            .formatted(what, code, Exit.explain(code), log(log)));
  }

  private static String log(Path log) {
    List<String> tail = Spawn.tail(log);
    return tail.isEmpty()
        ? " Its log " + log + " is empty."
        : " Its log " + log + " ends with:\n  " + Words.lines(tail);
  }
}
