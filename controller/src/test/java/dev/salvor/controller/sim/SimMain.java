package dev.salvor.controller.sim;

import dev.salvor.controller.sim.Sim.Result;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;

/// Plays many worlds and says how they went: `SEEDS FROM [FAULTS-FILE]`.
///
/// Lines for programs begin with `row`: value, unit, and what it is.
final class SimMain {
  /// Told at their shortest; the others by number.
  private static final int SHOWN = 3;

  private SimMain() {}

  public static void main(String[] args) {
    long seeds = Long.parseLong(args[0]);
    long from = Long.parseLong(args[1]);
    Mix mix = args.length > 2 ? Mix.read(Path.of(args[2])) : Mix.usual();
    long begun = System.nanoTime();
    AtomicLong events = new AtomicLong();
    Map<String, Long> endings = new ConcurrentSkipListMap<>();
    List<Result> failed =
        LongStream.range(from, from + seeds)
            .parallel()
            .mapToObj(seed -> noted(Sim.run(seed, mix), events, endings))
            .filter(Result::failed)
            .toList();
    double seconds = (System.nanoTime() - begun) / 1e9;
    for (int i = 0; i < failed.size(); i++) {
      Result result = failed.get(i);
      System.out.println(
          i < SHOWN
              ? new Shrink(Cast.USUAL).shortest(result).story()
              : "seed %d: %s".formatted(result.seed(), result.violation()));
    }
    System.out.println("endings of runs: " + new TreeMap<>(endings));
    row((double) seeds, "", "simulation: seeds played");
    row(failed.size(), "", "simulation: violations");
    row((double) events.get(), "", "simulation: events");
    row(seeds / seconds, "1/s", "simulation: seeds a second");
  }

  private static Result noted(Result result, AtomicLong events, Map<String, Long> endings) {
    events.addAndGet(result.events());
    for (String ending : result.ending().split("\\+", -1)) {
      endings.merge(ending, 1L, Long::sum);
    }
    return result;
  }

  private static void row(double value, String unit, String what) {
    System.out.printf(Locale.ROOT, "row\t%.3f\t%s\t%s%n", value, unit, what);
  }
}
