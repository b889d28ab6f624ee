package dev.salvor.controller.market;

import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.common.unit.MachineId;
import dev.salvor.common.unit.RunId;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.core.RunState;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What one run learnt of a machine, the next one knows.
class RememberedMachinesTest {
  private static final RunId NEXT = new RunId("next");
  private static final Duration STEP = Duration.ofSeconds(30);

  /// A quarter of an hour for what never comes up, and some for ending it.
  private static final int MAX_STEPS = 200;

  @TempDir private Path dir;

  @Test
  void a_machine_that_failed_one_run_is_not_the_next_ones_first() throws Exception {
    try (Bench bench = new Bench(dir, 3)) {
      bench.fault("{'kind':'stuck_loading','times':1}");
      bench.begin();
      until(bench, 2);
      MachineId bad = machine(bench.state().orElseThrow());
      bench.happens(new Fact.WindDownAsked(bench.now(), "a test"));
      for (int i = 0; i < MAX_STEPS && !bench.state().orElseThrow().over(); i++) {
        bench.step(STEP);
      }
      assertThat(bench.state().orElseThrow().over()).isTrue();

      bench.begin(NEXT);
      bench.step(STEP);
      bench.step(STEP);
      RunState next = bench.ask(NEXT).orElseThrow();
      assertThat(next.market().offers())
          .as("it is for rent, and the cheapest")
          .first()
          .satisfies(offer -> assertThat(offer.machine()).isEqualTo(bad));
      assertThat(machine(next)).isNotEqualTo(bad);
    }
  }

  private static void until(Bench bench, int rentals) throws Exception {
    int steps = 0;
    while (bench.state().orElseThrow().rentals().size() < rentals && steps++ < MAX_STEPS) {
      bench.step(STEP);
    }
    assertThat(bench.state().orElseThrow().rentals()).hasSizeGreaterThanOrEqualTo(rentals);
  }

  /// Of its first rental.
  private static MachineId machine(RunState run) {
    return run.rentals().firstEntry().getValue().offer().machine();
  }
}
