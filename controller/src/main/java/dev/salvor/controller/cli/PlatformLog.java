package dev.salvor.controller.cli;

import dev.salvor.controller.view.Words;
import java.io.PrintStream;
import java.util.List;
import java.util.function.Consumer;

/// The platform's own log of one box, which it fetches anew for each look.
final class PlatformLog {
  /// The platform takes seconds for a look, and counts them.
  private static final long EVERY_MS = 5_000;

  /// So many looks in a row with nothing new, and whoever follows is told to look elsewhere: an
  /// hour.
  private static final int MOST_IDLE_LOOKS = 720;

  private final Account account;
  private final long instance;
  private final Part part;

  PlatformLog(Account account, long instance, Part part) {
    this.account = account;
    this.instance = instance;
    this.part = part;
  }

  /// Which lines of which log.
  record Part(int tail, String filter, boolean daemon) {}

  static boolean isNumber(String target) {
    return !target.isEmpty() && target.chars().allMatch(Character::isDigit);
  }

  static long number(String target) throws Failure {
    try {
      return Long.parseLong(target);
    } catch (NumberFormatException e) {
      throw new Failure(Exit.USAGE, "No instance has the number " + target + ".", e);
    }
  }

  /// @param seen hears each line as it is
  void print(PrintStream out, boolean follow, Consumer<String> seen) throws Failure {
    List<String> before = look();
    before.forEach(line -> out.println(Words.printable(line)));
    out.flush();
    before.forEach(seen);
    int idle = 0;
    while (follow && idle < MOST_IDLE_LOOKS && !out.checkError()) {
      pause();
      List<String> now = look();
      List<String> fresh = fresh(before, now);
      fresh.forEach(line -> out.println(Words.printable(line)));
      out.flush();
      fresh.forEach(seen);
      idle = fresh.isEmpty() ? idle + 1 : 0;
      before = now;
    }
  }

  /// What stands behind the longest end of the last look that this one begins with.
  static List<String> fresh(List<String> before, List<String> now) {
    for (int from = 0; from <= before.size(); from++) {
      List<String> end = before.subList(from, before.size());
      if (end.size() <= now.size() && now.subList(0, end.size()).equals(end)) {
        return now.subList(end.size(), now.size());
      }
    }
    return now;
  }

  private List<String> look() throws Failure {
    return account.logs(instance, part.tail(), part.filter(), part.daemon());
  }

  private static void pause() {
    try {
      Thread.sleep(EVERY_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Nobody interrupts the command line's thread", e);
    }
  }
}
