package dev.salvor.controller.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.common.unit.MachineId;
import dev.salvor.common.unit.UsdPerHour;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/// What bids were seen to be, and how one would have fared.
class PricesTest {
  private static final MachineId ONE = new MachineId(1);

  @Test
  void a_price_that_went_over_a_bid_and_came_back_is_counted_with_its_time() {
    Prices p = quoted(quoted(quoted(Prices.NONE, 0.2, 0), 0.5, 60), 0.2, 90);
    Prices.Fared fared = p.fared(ONE, UsdPerHour.of(0.3), at(120));
    assertThat(fared)
        .isEqualTo(new Prices.Fared(1, Duration.ofMinutes(30), Duration.ofMinutes(120)));
    assertThat(p.fared(ONE, UsdPerHour.of(0.5), at(120)).overTime()).isZero();
  }

  @Test
  void a_price_that_is_over_the_bid_now_counts_until_now() {
    Prices p = quoted(quoted(Prices.NONE, 0.2, 0), 0.5, 60);
    assertThat(p.fared(ONE, UsdPerHour.of(0.3), at(100)))
        .isEqualTo(new Prices.Fared(0, Duration.ofMinutes(40), Duration.ofMinutes(100)));
  }

  @Test
  void the_same_price_again_is_no_new_entry_and_no_price_is_none() {
    Prices p = quoted(quoted(Prices.NONE, 0.2, 0), 0.2, 60);
    assertThat(p.seen().get(1L)).hasSize(1);
    assertThat(quoted(p, 0, 90)).isEqualTo(p);
  }

  @Test
  void the_history_is_bounded_both_ways_and_forgets_the_oldest() {
    Prices p = Prices.NONE;
    for (int i = 0; i < 100; i++) {
      p = quoted(p, 0.2 + i * 0.01, i);
    }
    assertThat(p.seen().get(1L)).hasSize(24);
    for (int machine = 2; machine < 500; machine++) {
      p = p.quoted(new MachineId(machine), UsdPerHour.of(0.1), at(1000 + machine));
    }
    assertThat(p.seen()).hasSize(128).doesNotContainKey(1L).containsKey(499L);
  }

  private static Prices quoted(Prices p, double bid, long minute) {
    return p.quoted(ONE, UsdPerHour.of(bid), at(minute));
  }

  private static Instant at(long minute) {
    return Story.BEGIN.plusSeconds(60 * minute);
  }
}
