package dev.salvor.controller.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.common.unit.MachineId;
import dev.salvor.common.unit.UsdPerHour;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/// What an hour comes to, by hand.
class AllInTest {
  private static final Duration HOURS = Duration.ofHours(10);

  @Test
  void an_hour_is_gpu_disk_bytes_both_ways_and_the_boot() {
    AllIn onDemand =
        AllIn.of(
            offer(Duration.ZERO),
            UsdPerHour.of(0.40),
            false,
            new Use(HOURS, 100_000_000_000L, 50_000_000_000L));
    assertThat(onDemand.running()).isEqualTo(UsdPerHour.of(0.40));
    // 100 GB at $0.01 onto it and 50 GB at $0.02 off it, over 10 h.
    assertThat(onDemand.traffic()).isEqualTo(UsdPerHour.of(0.20));
    // 3 minutes of $0.40/h, over 10 h.
    assertThat(onDemand.boot()).isEqualTo(UsdPerHour.of(0.002));
    assertThat(onDemand.hour()).isEqualTo(UsdPerHour.of(0.602));
  }

  @Test
  void a_bid_is_for_the_gpus_alone_and_the_disk_comes_on_top() {
    AllIn bid = AllIn.of(offer(Duration.ZERO), UsdPerHour.of(0.20), true, new Use(HOURS, 0, 0));
    assertThat(bid.running()).isEqualTo(UsdPerHour.of(0.25));
  }

  @Test
  void what_a_spec_says_of_its_sizes_is_what_travels() {
    long gb = 1_000_000_000L;
    RunSpec.Sizes sizes = new RunSpec.Sizes(8 * gb, 30 * gb, 2 * gb);
    assertThat(Use.of(sizes, Duration.ofHours(2), HOURS, 0))
        .isEqualTo(new Use(HOURS, 38 * gb, 10 * gb));
    assertThat(Use.of(sizes, Duration.ZERO, HOURS, 5 * gb))
        .as("hourly where nobody said, and a checkpoint to go on from")
        .isEqualTo(new Use(HOURS, 43 * gb, 20 * gb));
    assertThat(Use.of(RunSpec.Sizes.UNKNOWN, Duration.ZERO, HOURS, 0))
        .isEqualTo(new Use(HOURS, Use.DOWN, Use.UP));
    assertThat(Use.of(new RunSpec.Sizes(0, 0, Long.MAX_VALUE), Duration.ofSeconds(1), HOURS, 0))
        .as("what nobody can mean overflows nothing")
        .isNotNull();
  }

  @Test
  void a_contract_is_too_short_only_where_it_is_known_to_be() {
    Use use = new Use(HOURS, 0, 0);
    assertThat(use.outlasts(Duration.ofHours(9))).isTrue();
    assertThat(use.outlasts(HOURS)).isFalse();
    assertThat(use.outlasts(Duration.ZERO)).isFalse();
  }

  @Test
  void the_clocks_of_an_offer_are_said_with_their_figures() {
    Instant seen = Instant.parse("2026-11-21T10:00:30Z");
    assertThat(DangerClocks.of(offer(Duration.ofDays(2)), seen))
        .isEqualTo(
            "danger clocks: stopped, its disk costs $1.2000 a day; a GB costs $0.0100 onto it and"
                + " $0.0200 off it; its contract ends at 2026-11-23T10:00:00Z");
    assertThat(DangerClocks.of(offer(Duration.ZERO), seen))
        .endsWith("the platform does not say when its contract ends");
  }

  private static Offer offer(Duration contract) {
    return new Offer(
        1,
        new MachineId(1),
        "RTX 4090",
        1,
        UsdPerHour.of(0.40),
        UsdPerHour.of(0.20),
        UsdPerHour.of(0.05),
        20_000,
        10_000,
        0.99,
        "here",
        contract);
  }
}
