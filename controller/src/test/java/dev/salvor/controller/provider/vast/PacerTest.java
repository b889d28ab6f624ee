package dev.salvor.controller.provider.vast;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/// Calls come no closer than the platform allows, and none waits past its deadline.
class PacerTest {
  private final FakeTicks ticks = new FakeTicks();
  private final Pacer pacer = new Pacer(Pacing.PLATFORM, ticks);

  @Test
  void the_second_call_waits_for_the_threshold() throws InterruptedException {
    assertThat(enter(Endpoint.CREATE, Duration.ofMinutes(1))).isTrue();
    assertThat(ticks.sleeps).isEmpty();
    ticks.pass(Duration.ofSeconds(1));
    assertThat(enter(Endpoint.CREATE, Duration.ofMinutes(1))).isTrue();
    assertThat(ticks.sleeps).containsExactly(Duration.ofMillis(3500));
  }

  @Test
  void endpoints_do_not_wait_for_each_other() throws InterruptedException {
    enter(Endpoint.CREATE, Duration.ofMinutes(1));
    enter(Endpoint.LIST, Duration.ofMinutes(1));
    enter(Endpoint.DESTROY, Duration.ofMinutes(1));
    assertThat(ticks.sleeps).isEmpty();
  }

  @Test
  void a_turn_after_the_deadline_is_refused_at_once_and_costs_nothing()
      throws InterruptedException {
    enter(Endpoint.SEARCH, Duration.ofMinutes(1));
    assertThat(enter(Endpoint.SEARCH, Duration.ofSeconds(5))).isFalse();
    assertThat(ticks.sleeps).isEmpty();
    assertThat(enter(Endpoint.SEARCH, Duration.ofSeconds(6))).isTrue();
  }

  @Test
  void a_creation_that_came_too_early_is_followed_by_a_longer_wait() throws InterruptedException {
    try (Pacer.Turn _ = pacer.enter(Endpoint.CREATE, ticks.nanos() + 1).orElseThrow()) {
      pacer.penalise(Endpoint.CREATE);
    }
    assertThat(enter(Endpoint.CREATE, Duration.ofMinutes(1))).isTrue();
    assertThat(ticks.sleeps).containsExactly(Duration.ofSeconds(12));
  }

  @Test
  void unpaced_calls_never_wait() throws InterruptedException {
    Pacer unpaced = new Pacer(Pacing.NONE, ticks);
    for (int i = 0; i < 100; i++) {
      unpaced.enter(Endpoint.CREATE, ticks.nanos() + 1).orElseThrow().close();
    }
    assertThat(ticks.sleeps).isEmpty();
  }

  private boolean enter(Endpoint endpoint, Duration within) throws InterruptedException {
    var turn = pacer.enter(endpoint, ticks.nanos() + within.toNanos());
    turn.ifPresent(Pacer.Turn::close);
    return turn.isPresent();
  }
}
