package dev.salvor.controller.core.rule;

import static dev.salvor.controller.core.Story.BEGIN;
import static dev.salvor.controller.core.Story.ONE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.common.unit.Usd;
import dev.salvor.common.unit.UsdPerHour;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.core.Sight;
import dev.salvor.controller.core.Story;
import dev.salvor.controller.core.rule.Clocks.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What runs out, when, and which strikes first.
class ClocksTest {
  @Test
  void a_run_that_burns_nothing_has_no_clock() {
    assertThat(clocks(Story.begin())).isEmpty();
    assertThat(clocks(Story.begin().asked(ONE))).isEmpty();
  }

  @Test
  void the_budget_strikes_when_what_may_be_spent_is_spent_at_the_present_burn() {
    Story story = Story.begin().rented(ONE);
    // 10 less the 1.705 that bringing home takes, at 0.30 an hour: 27.65 hours.
    Clock budget =
        new Clock("budget", "at $0.3000/h the budget is spent, but for bringing home", at(99_540));
    assertThat(clocks(story)).containsExactly(budget);
    assertThat(clocks(story.after(Duration.ofHours(1)))).containsExactly(budget);
    assertThat(clocks(story.after(Duration.ofHours(30)))).as("it is spent").isEmpty();
    story.saw(ONE, Sight.Status.GONE, Sight.Wanted.STOPPED);
    assertThat(clocks(story)).as("nothing is rented").isEmpty();
  }

  @Test
  void a_deadline_and_low_credit_strike_until_the_run_is_over() {
    Instant deadline = BEGIN.plus(Duration.ofDays(2));
    Story story = Story.due(deadline);
    story.fact(new Fact.CreditSeen(BEGIN, Usd.of(5), UsdPerHour.of(0.5), 24));
    assertThat(clocks(story))
        .containsExactly(
            new Clock(
                "credit",
                "the account's $5.0000 are gone and the platform stops everything",
                BEGIN.plus(Duration.ofHours(10))),
            new Clock("deadline", "the run ends", deadline));
    story.fact(new Fact.RunEnded(BEGIN, Fact.Ending.DONE, "done"));
    assertThat(clocks(story)).isEmpty();
  }

  @Test
  void credit_that_lasts_or_is_not_burnt_is_no_clock() {
    Story lasts = Story.begin();
    lasts.fact(new Fact.CreditSeen(BEGIN, Usd.of(5), UsdPerHour.of(0.001), Long.MAX_VALUE));
    assertThat(clocks(lasts)).isEmpty();
    Story idle = Story.begin().fact(new Fact.CreditSeen(BEGIN, Usd.of(5), UsdPerHour.ZERO, 24));
    assertThat(clocks(idle)).isEmpty();
  }

  @Test
  void the_end_of_a_contract_strikes_twice_and_of_a_box_that_is_gone_never() {
    Instant end = BEGIN.plus(Duration.ofHours(5));
    Story story = Story.begin().rented(ONE).sawEnding(ONE, end);
    String instance = "instance " + Story.instance(ONE);
    assertThat(clocks(story))
        .extracting(Clock::kind)
        .containsExactly("contract", "budget", "deletion");
    assertThat(clocks(story))
        .contains(
            new Clock("contract", "the contract of " + instance + " ends", end),
            new Clock(
                "deletion",
                "the platform deletes the disk of " + instance,
                end.plus(Duration.ofDays(2))));
    story.saw(ONE, Sight.Status.GONE, Sight.Wanted.STOPPED);
    assertThat(clocks(story)).isEmpty();
  }

  @Test
  void what_is_two_months_away_is_no_danger() {
    Instant far = BEGIN.plus(Duration.ofDays(60));
    assertThat(clocks(Story.due(far))).hasSize(1);
    assertThat(clocks(Story.due(far.plusSeconds(1)))).isEmpty();
  }

  @Test
  void times_are_told_as_people_say_them() {
    assertThat(
            List.of(-5L, 0L, 119L, 120L, 7_199L, 7_200L, 12_000L, 172_799L, 172_800L, 187_200L)
                .stream()
                .map(s -> Told.time(Duration.ofSeconds(s))))
        .containsExactly(
            "0 s",
            "0 s",
            "119 s",
            "2 min",
            "119 min",
            "2 h 0 min",
            "3 h 20 min",
            "47 h 59 min",
            "2 d 0 h",
            "2 d 4 h");
    assertThat(Told.moment(Instant.parse("2026-01-02T03:04:59Z")))
        .isEqualTo("2026-01-02T03:04:00Z");
    assertThat(Told.bytes(0)).isEqualTo("0.0 MB");
    assertThat(Told.bytes(999_949_999)).isEqualTo("999.9 MB");
    assertThat(Told.bytes(1_000_000_000)).isEqualTo("1.00 GB");
    assertThat(Told.bytes(12_345_000_000L)).isEqualTo("12.35 GB");
  }

  private static Instant at(long seconds) {
    return BEGIN.plusSeconds(seconds);
  }

  private static List<Clock> clocks(Story story) {
    return Clocks.of(story.state(), story.now());
  }
}
