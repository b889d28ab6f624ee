package dev.salvor.controller.main;

import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.common.unit.RunId;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.core.Policy;
import dev.salvor.controller.core.RentalRef;
import dev.salvor.controller.intake.Caller;
import dev.salvor.controller.intake.SeenReading;
import dev.salvor.controller.loop.Event;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
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

  /// One number of forty changes; what follows from all of them is told once a card and kind.
  @Test
  void cards_that_fall_ill_wear_out_or_lose_memory_while_the_job_runs_are_told_once() {
    List<Event> events = new ArrayList<>();
    Board board = new Board();
    Dock dock =
        new Dock(
            events::add,
            board,
            new LeaseBook(events::add, Policy.DEFAULT, Duration.ofSeconds(2), () -> Instant.EPOCH),
            () -> Instant.EPOCH);
    double gib = 1L << 30;
    dock.readings(
        BOX,
        List.of(
            measured("count", 3),
            measured("gpu1 memory used", 20 * gib),
            measured("gpu1 processes", 1),
            measured("gpu1 memory of processes", gib)));
    dock.readings(BOX, List.of(measured("gpu0 remapped rows failed", 1)));
    dock.readings(BOX, List.of(measured("gpu2 ecc uncorrected", 1)));
    dock.readings(BOX, List.of(measured("gpu2 ecc uncorrected", 2)));

    assertThat(events)
        .extracting(event ->
            ((Event.Happened) event).fact() instanceof Fact.Announced told ? told.key() : "")
        .containsExactly("box-1.1-gpu-held-1", "box-1.1-gpu-ill-0", "box-1.1-gpu-worn-2");
  }

  private static SeenReading measured(String name, double value) {
    return new SeenReading("gpu", name, new SeenReading.Measured(value, ""));
  }

  private static Optional<Fact.Announced> of(String probe, String name, SeenReading.What what) {
    return Health.of(BOX, new SeenReading(probe, name, what), Instant.EPOCH);
  }
}
