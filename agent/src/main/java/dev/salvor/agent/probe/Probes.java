package dev.salvor.agent.probe;

import dev.salvor.common.telemetry.Reading;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Runs each probe when it is due, and bounds it: one that throws is absent with why; one that
/// hangs is abandoned, told as stuck, and left alone until it comes back by itself.
public final class Probes {
  /// Looks are taken by a clock that may be a little early.
  private static final long SLACK_NANOS = TimeUnit.SECONDS.toNanos(1);

  /// What does not change is told again so often: a controller that was restarted knows nothing.
  private static final long REMIND_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final List<Watched> probes;
  private final LongSupplier nanos;
  private final AtomicBoolean looking = new AtomicBoolean();
  private long remindAt;

  /// @param nanos a clock that never goes back
  public Probes(List<Probe> probes, LongSupplier nanos) {
    this.probes = probes.stream().map(probe -> new Watched(probe, nanos.getAsLong())).toList();
    this.nanos = nanos;
    this.remindAt = nanos.getAsLong();
  }

  /// What a round of looks told.
  ///
  /// @param all everything that is known now
  /// @param news what was looked at anew; everything, now and then
  public record Look(List<Reading> all, List<Reading> news) {
    public Look {
      all = List.copyOf(all);
      news = List.copyOf(news);
    }
  }

  /// Returns at once; the readings come from a thread of their own. One round at a time.
  public void take(Consumer<Look> to) {
    Thread.ofPlatform()
        .name("probes")
        .daemon(true)
        .start(() -> {
          if (looking.compareAndSet(false, true)) {
            try {
              to.accept(look());
            } finally {
              looking.set(false);
            }
          }
        });
  }

  /// Takes at most the timeouts of the probes that are due.
  Look look() {
    List<Reading> all = new ArrayList<>();
    List<Reading> news = new ArrayList<>();
    boolean remind = nanos.getAsLong() - remindAt >= 0;
    for (Watched probe : probes) {
      boolean due = nanos.getAsLong() + SLACK_NANOS - probe.dueAt >= 0;
      if (due) {
        List<Reading> before = probe.last;
        probe.last = read(probe);
        probe.dueAt = nanos.getAsLong() + probe.probe.period().toNanos();
        news.addAll(remind ? probe.last : changed(before, probe.last));
      } else if (remind) {
        news.addAll(probe.last);
      }
      all.addAll(probe.last);
    }
    if (remind) {
      remindAt = nanos.getAsLong() + REMIND_NANOS;
    }
    return new Look(all, news);
  }

  private static List<Reading> changed(List<Reading> before, List<Reading> after) {
    Set<Reading> known = new HashSet<>(before);
    return after.stream().filter(reading -> !known.contains(reading)).toList();
  }

  private static List<Reading> read(Watched watched) {
    Probe probe = watched.probe;
    Duration timeout = probe.timeout();
    if (!watched.busy.compareAndSet(false, true)) {
      return absent(
          probe, probe.stuck() + ": it still hangs in an earlier look, and is left alone");
    }
    FutureTask<List<Reading>> look =
        new FutureTask<>(() -> {
          try {
            return probe.read();
          } finally {
            watched.busy.set(false);
          }
        });
    // A platform thread: a call that hangs in a driver would pin a virtual one's carrier.
    Thread.ofPlatform().name("probe-" + probe.name()).daemon(true).start(look);
    try {
      return look.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      return absent(
          probe, "%s: it did not answer within %d ms".formatted(probe.stuck(), timeout.toMillis()));
    } catch (ExecutionException e) {
      return absent(probe, why(e.getCause()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return absent(probe, "the agent ends");
    }
  }

  private static List<Reading> absent(Probe probe, String why) {
    return List.of(new Reading.Absent(probe.name(), probe.name(), why));
  }

  private static String why(@Nullable Throwable cause) {
    if (cause == null) {
      return "it failed";
    }
    String message = cause.getMessage();
    return message == null ? cause.toString() : message;
  }

  /// A probe, when it is due, and what it last told. Of the thread that looks alone, but for
  /// whether it is in a look: that the look itself says.
  private static final class Watched {
    private final Probe probe;
    private final AtomicBoolean busy = new AtomicBoolean();
    private long dueAt;
    private List<Reading> last = List.of();

    Watched(Probe probe, long dueAt) {
      this.probe = probe;
      this.dueAt = dueAt;
    }
  }
}
