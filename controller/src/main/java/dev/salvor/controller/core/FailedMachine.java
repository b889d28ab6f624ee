package dev.salvor.controller.core;

import dev.salvor.common.unit.MachineId;
import dev.salvor.common.unit.RunId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// A machine that did not do what a run of ours rented it for.
///
/// @param run whom it failed last
/// @param why what it did then
/// @param at when that was
/// @param times how often it failed any of our runs, as far as that still counts
public record FailedMachine(MachineId machine, RunId run, String why, Instant at, int times) {
  /// A host that somebody mends is mended within a day; one that nobody mends fails again.
  private static final Duration HELD = Duration.ofDays(1);

  /// However often it failed, after a week it is another machine for all we know.
  private static final int MOST_DAYS = 7;

  /// Told to a run, and to people; the newest count.
  private static final int MOST = 100;

  FailedMachine(MachineId machine, RunId run, String why, Instant at) {
    this(machine, run, why, at, 1);
  }

  /// When it is as good as any other again: a day for each time.
  public Instant forgiven() {
    return at.plus(HELD.multipliedBy(Math.clamp(times, 1, MOST_DAYS)));
  }

  /// What these runs have to say of machines at a moment, each machine once, newest failure first.
  public static List<FailedMachine> known(Collection<RunState> runs, Instant now) {
    Instant oldest = now.minus(HELD.multipliedBy(MOST_DAYS));
    Map<MachineId, FailedMachine> known = new TreeMap<>(Comparator.comparingLong(MachineId::value));
    List<FailedMachine> all = new ArrayList<>();
    runs.forEach(run -> all.addAll(run.market().failed()));
    all.stream()
        .filter(failed -> failed.at().isAfter(oldest))
        .sorted(Comparator.comparing(FailedMachine::at))
        .forEach(failed -> known.merge(failed.machine(), failed, FailedMachine::again));
    return known.values().stream()
        .filter(failed -> now.isBefore(failed.forgiven()))
        .sorted(Comparator.comparing(FailedMachine::at).reversed())
        .limit(MOST)
        .toList();
  }

  private FailedMachine again(FailedMachine later) {
    return new FailedMachine(machine, later.run, later.why, later.at, times + later.times);
  }
}
