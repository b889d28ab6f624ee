package dev.salvor.agent.job;

import dev.salvor.agent.core.AgentEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// Reads the job's log out for as long as somebody looks at it, in pieces that a link carries.
final class LogWatch {
  /// A frame of so many lines is 100 kB at most.
  static final int LINES_AT_ONCE = 200;

  /// A viewer asks again long before.
  private static final long MOST_MS = 120_000;

  private final JobLog log;
  private final long source;
  private final Consumer<AgentEvent> inbox;
  private long told;
  private long untilNanos;
  private boolean watched;

  LogWatch(JobLog log, long source, Consumer<AgentEvent> inbox) {
    this.log = log;
    this.source = source;
    this.inbox = inbox;
  }

  /// Tells the last lines now, also when there is none: whoever asked knows then.
  void begin(int lines, int forMs) {
    List<String> last = log.last(Math.clamp(lines, 0, LINES_AT_ONCE));
    tell(log.count() - Math.min(last.size(), log.count()), last);
    told = log.count();
    watched = forMs > 0;
    untilNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(Math.clamp(forMs, 0, MOST_MS));
  }

  boolean watched() {
    return watched;
  }

  /// Tells what came since.
  void goOn() {
    if (!watched || System.nanoTime() - untilNanos > 0) {
      watched = false;
      return;
    }
    List<String> fresh = log.since(told);
    long first = log.count() - fresh.size();
    for (int from = 0; from < fresh.size(); from += LINES_AT_ONCE) {
      List<String> some = fresh.subList(from, Math.min(fresh.size(), from + LINES_AT_ONCE));
      tell(first + from, new ArrayList<>(some));
    }
    told = log.count();
  }

  private void tell(long first, List<String> lines) {
    inbox.accept(new AgentEvent.LogRead(source, first, lines));
  }
}
