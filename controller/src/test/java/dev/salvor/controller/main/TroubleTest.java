package dev.salvor.controller.main;

import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.common.unit.InstanceId;
import dev.salvor.common.unit.RunId;
import dev.salvor.controller.ca.SetClock;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.core.RentalRef;
import dev.salvor.controller.intake.Caller;
import dev.salvor.controller.loop.Event;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// When a way that is shut is told, and how loudly.
class TroubleTest {
  private static final Caller BOX = new Caller(new RunId("tide"), new RentalRef(1, 1));

  private final SetClock clock = new SetClock(Instant.parse("2026-03-01T00:00:00Z"));
  private final Board board = new Board();
  private final List<Event> told = new ArrayList<>();
  private final Trouble trouble =
      new Trouble(new Trouble.Herald(told::add, board, clock), BOX, new InstanceId(7001));

  private String said() {
    return board.of(BOX.run()).toString();
  }

  @Test
  void a_way_that_opens_within_a_moment_is_no_news() {
    trouble.met("link", "refused", false);
    clock.advance(Duration.ofSeconds(9));
    trouble.met("link", "refused", false);
    trouble.over("link");
    clock.advance(Duration.ofSeconds(9));
    trouble.met("link", "refused", false);
    assertThat(said()).doesNotContain("refused");
    assertThat(told).isEmpty();
  }

  @Test
  void what_lasts_is_said_and_what_stays_is_announced_once() {
    for (int second = 0; second <= 200; second += 10) {
      trouble.met("link", "no route", false);
      assertThat(said().contains("no way for the link: no route")).isEqualTo(second >= 10);
      assertThat(told).hasSize(second >= 90 ? 1 : 0);
      clock.advance(Duration.ofSeconds(10));
    }
    assertThat(told)
        .singleElement()
        .isInstanceOfSatisfying(
            Event.Happened.class,
            event ->
                assertThat(event.fact())
                    .isInstanceOfSatisfying(
                        Fact.Announced.class,
                        notice -> {
                          assertThat(notice.what()).contains("instance 7001", "no route");
                          assertThat(notice.next()).contains("salvor shell 7001");
                        }));
  }

  @Test
  void what_no_waiting_mends_is_announced_at_once() {
    trouble.met("link", "another host key", true);
    assertThat(told).hasSize(1);
  }
}
