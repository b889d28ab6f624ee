package dev.salvor.controller.desk;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class LingerTest {
  private static final Instant START = Instant.parse("2026-11-21T12:00:00Z");
  private final Linger linger = new Linger(Duration.ofSeconds(10), START);

  @Test
  void it_is_over_ten_seconds_after_it_was_last_needed() {
    Linger later = linger.at(START.plusSeconds(8), true).at(START.plusSeconds(9), false);
    assertThat(later.over(START.plusSeconds(17))).isFalse();
    assertThat(later.over(START.plusSeconds(18))).isTrue();
  }

  @Test
  void one_that_was_never_needed_waits_for_somebody_to_come() {
    assertThat(linger.over(START)).isFalse();
    assertThat(linger.over(START.plusSeconds(10))).isTrue();
  }
}
