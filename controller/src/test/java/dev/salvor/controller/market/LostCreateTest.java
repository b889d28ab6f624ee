package dev.salvor.controller.market;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.core.RunState;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Creations whose answers are lost although they took effect.
class LostCreateTest {
  private static final int LOST = 10;
  private static final Duration STEP = Duration.ofSeconds(30);

  /// Each rental is given up after a quarter of an hour; one that the list hides takes longer.
  private static final int MAX_STEPS = 1_000;

  @TempDir private Path dir;

  /// Ten answers in a row are lost; the boxes never come up, so that each is given up for the next.
  /// From every other seed, the list is now and then one of a minute ago, too.
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void ten_lost_answers_in_a_row_never_rent_twice_and_leave_no_orphan(long seed) throws Exception {
    try (Bench bench = new Bench(dir, seed)) {
      bench.fault("[{'kind':'create_502','times':10},{'kind':'stuck_loading','times':1000}]");
      if (seed % 2 == 0) {
        bench.fault("{'kind':'stale_list','seconds':60,'times':1000,'probability':0.3}");
      }
      bench.begin();
      int steps = 0;
      while (lost(bench) < LOST && steps++ < MAX_STEPS) {
        bench.step(STEP);
      }
      assertThat(lost(bench)).as("answers lost after %d steps", steps).isEqualTo(LOST);
      bench.happens(new Fact.WindDownAsked(bench.now(), "a test"));
      while (!bench.state().map(RunState::over).orElse(false) && steps++ < MAX_STEPS) {
        bench.step(STEP);
      }
      assertThat(bench.state().map(RunState::over)).as("the run is over").contains(true);
      judge(bench);
    }
  }

  /// By the market's own log: a label is used once, nothing is rented while anything else is meant
  /// to run, and in the end nothing is left.
  private static void judge(Bench bench) throws Exception {
    Set<String> labels = new HashSet<>();
    TreeMap<Long, Boolean> meantToRun = new TreeMap<>();
    for (JsonNode line : bench.log()) {
      long id = line.path("instance").asLong();
      switch (line.path("kind").asText()) {
        case "create" -> {
          assertThat(meantToRun.values())
              .as("rented beside another: %s", line)
              .doesNotContain(true);
          assertThat(labels.add(line.path("detail").path("label").asText())).isTrue();
          meantToRun.put(id, true);
        }
        case "stop" -> meantToRun.put(id, false);
        case "destroyed" -> meantToRun.remove(id);
        default -> {}
      }
    }
    assertThat(labels).hasSizeGreaterThanOrEqualTo(LOST);
    assertThat(meantToRun).as("orphans").isEmpty();
  }

  private static long lost(Bench bench) throws Exception {
    return bench.log().stream()
        .filter(line -> line.path("detail").path("fault").asText().equals("create_502"))
        .count();
  }
}
