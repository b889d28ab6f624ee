package dev.salvor.controller.main;

import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.common.unit.RunId;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.core.RentalRef;
import dev.salvor.controller.intake.Caller;
import dev.salvor.controller.intake.SeenReading;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HealthTest {
  private static final Caller BOX = new Caller(new RunId("tide"), new RentalRef(1, 1));

  @Test
  void driver_that_hangs_and_a_card_that_is_lost_are_told() {
    assertThat(of("gpu", "gpu", new SeenReading.Absent("nvml_stuck: it did not answer")))
        .hasValueSatisfying(told -> assertThat(told.key()).isEqualTo("box-1.1-gpu-stuck"));
    assertThat(of("gpu", "gpu3", new SeenReading.Absent("it has fallen off the bus")))
        .hasValueSatisfying(told -> assertThat(told.what()).contains("gpu3", "off the bus"));
  }

  @Test
  void error_that_only_leaving_mends_is_told_and_the_jobs_own_is_not() {
    assertThat(of("gpu", "gpu0 xid", new SeenReading.Measured(79, "")))
        .hasValueSatisfying(
            told -> assertThat(told.what()).contains("79", "fallen off the bus", "leave the box"));
    assertThat(of("gpu", "gpu0 xid", new SeenReading.Measured(31, ""))).isEmpty();
  }

  @Test
  void slow_card_and_a_download_that_stands_still_are_told_and_nothing_else() {
    assertThat(of("gpu", "gpu0 slowed by", new SeenReading.Text("heat"))).isPresent();
    assertThat(of("download", "stalled", new SeenReading.Text("3 files"))).isPresent();
    assertThat(of("gpu", "gpu0 use", new SeenReading.Measured(0, "%"))).isEmpty();
    assertThat(of("gpu", "gpu0 mig", new SeenReading.Absent("this card does not say"))).isEmpty();
  }

  private static Optional<Fact.Announced> of(String probe, String name, SeenReading.What what) {
    return Health.of(BOX, new SeenReading(probe, name, what), Instant.EPOCH);
  }
}
