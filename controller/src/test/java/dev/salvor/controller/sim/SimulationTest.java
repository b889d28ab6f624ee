package dev.salvor.controller.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.controller.sim.Sim.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongFunction;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/// The product's loop in many simulated worlds: `-Dsalvor.sim.seeds=N -Dsalvor.sim.from=K` says
/// which, `-Dsalvor.sim.faults=FILE` with what going wrong, `-Dsalvor.full=true` makes them 5,000.
class SimulationTest {
  private static final long SEEDS =
      Long.getLong("salvor.sim.seeds", Boolean.getBoolean("salvor.full") ? 5_000 : 1_000);
  private static final long FROM = Long.getLong("salvor.sim.from", 1);
  private static final int MAX_STORIES = 3;

  private final Mix mix = Mix.chosen();

  @Test
  void every_invariant_holds_after_every_event_of_every_seed() {
    long begun = System.nanoTime();
    List<Result> results = play(FROM, SEEDS, seed -> Sim.run(seed, mix));
    report(results, (System.nanoTime() - begun) / 1e9);
    assertThat(results).hasSize(Math.toIntExact(SEEDS));
    assertThat(stories(results)).isEmpty();
  }

  @Test
  void the_same_seed_gives_the_same_trace() {
    LongStream.of(FROM, FROM + 7, FROM + 29)
        .forEach(
            seed -> assertThat(Sim.run(seed, mix).hash()).isEqualTo(Sim.run(seed, mix).hash()));
    assertThat(Sim.run(FROM, mix).hash()).isNotEqualTo(Sim.run(FROM + 1, mix).hash());
  }

  @Test
  void the_worlds_are_rough_enough() {
    List<Result> results = play(1, 60, seed -> Sim.run(seed, Mix.usual()));
    assertThat(results).anyMatch(r -> r.ending().equals("DONE"));
    assertThat(results.stream().map(Result::ending).distinct().count()).isGreaterThan(3);
    assertThat(results).anyMatch(r -> r.plan().runs().size() > 3);
  }

  static List<Result> play(long from, long seeds, LongFunction<Result> one) {
    return LongStream.range(from, from + seeds).parallel().mapToObj(one).toList();
  }

  /// The first few at their shortest, the rest by number.
  static List<String> stories(List<Result> results) {
    List<String> stories = new ArrayList<>();
    results.stream()
        .filter(Result::failed)
        .forEach(r ->
            stories.add(
                stories.size() < MAX_STORIES
                    ? new Shrink(Cast.USUAL).shortest(r).story()
                    : "seed " + r.seed()));
    return stories;
  }

  private static void report(List<Result> results, double seconds) {
    Map<String, Long> endings =
        results.stream()
            .flatMap(r -> List.of(r.ending().split("\\+", -1)).stream())
            .collect(Collectors.groupingBy(e -> e, TreeMap::new, Collectors.counting()));
    System.out.printf(
        Locale.ROOT,
        "simulation: %d seeds from %d, %d events, endings of runs %s, %.1f s, %.1f seeds/s%n",
        results.size(),
        FROM,
        results.stream().mapToLong(Result::events).sum(),
        endings,
        seconds,
        results.size() / seconds);
  }
}
