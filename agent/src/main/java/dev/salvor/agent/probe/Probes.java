package dev.salvor.agent.probe;

import dev.salvor.common.telemetry.Reading;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Runs every probe, and bounds it: one that throws or hangs is reported absent with why, and one
/// that hangs is left alone until it comes back.
public final class Probes {
  private final List<Watched> probes;
  private final Duration deadline;

  public Probes(List<Probe> probes, Duration deadline) {
    this.probes = probes.stream().map(probe -> new Watched(probe, new AtomicBoolean())).toList();
    this.deadline = deadline;
  }

  /// Returns at once; the readings come from a thread of their own.
  public void take(Consumer<List<Reading>> to) {
    Thread.ofPlatform().name("probes").daemon(true).start(() -> to.accept(readAll()));
  }

  /// Takes at most one deadline a probe.
  List<Reading> readAll() {
    List<Reading> readings = new ArrayList<>();
    for (Watched probe : probes) {
      readings.addAll(read(probe));
    }
    return readings;
  }

  private List<Reading> read(Watched watched) {
    Probe probe = watched.probe();
    if (!watched.busy().compareAndSet(false, true)) {
      return absent(probe, "it still hangs in an earlier look");
    }
    FutureTask<List<Reading>> look =
        new FutureTask<>(() -> {
          try {
            return probe.read();
          } finally {
            watched.busy().set(false);
          }
        });
    // A platform thread: a call that hangs in a driver would pin a virtual one's carrier.
    Thread.ofPlatform().name("probe-" + probe.name()).daemon(true).start(look);
    try {
      return look.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      return absent(probe, "it did not answer within %d ms".formatted(deadline.toMillis()));
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

  private record Watched(Probe probe, AtomicBoolean busy) {}
}
