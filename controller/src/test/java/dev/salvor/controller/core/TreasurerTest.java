package dev.salvor.controller.core;

import static dev.salvor.controller.core.Story.ONE;
import static dev.salvor.controller.core.Story.RUN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.common.unit.RunId;
import dev.salvor.common.unit.Usd;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What all runs spend together, and what the account says of it.
class TreasurerTest {
  private static final RunId OTHER = new RunId("other");

  @Test
  void a_days_cap_is_warned_of_by_one_run_and_ends_them_all() {
    Treasurer treasurer = treasurer(Usd.of(6), Usd.ZERO);
    Map<RunId, RunState> runs = two(training());
    // Two boxes at 0.30 an hour.
    assertThat(judged(treasurer, runs, hours(7))).isEmpty();
    assertThat(judged(treasurer, runs, hours(8.1)))
        .singleElement()
        .isEqualTo(new Watch.Noticed(OTHER, spent(hours(8.1), Fact.Span.DAY, 80, 4.86)));
    assertThat(judged(treasurer, runs, hours(8.2))).isEmpty();
    assertThat(judged(treasurer, runs, hours(10.1)))
        .extracting(Watch.Noticed::run)
        .containsExactly(RUN, OTHER);
  }

  @Test
  void a_new_day_begins_with_nothing_spent() {
    Treasurer treasurer = treasurer(Usd.of(6), Usd.ZERO);
    Map<RunId, RunState> runs = two(training());
    judged(treasurer, runs, hours(10.1));
    // The story begins at midnight: a day later little of the new day is spent.
    assertThat(judged(treasurer, runs, hours(25))).isEmpty();
    assertThat(judged(treasurer, runs, hours(24 + 8.1))).hasSize(1);
  }

  @Test
  void a_cap_on_everything_goes_on_over_days() {
    Treasurer treasurer = treasurer(Usd.ZERO, Usd.of(20));
    Map<RunId, RunState> runs = two(training());
    assertThat(judged(treasurer, runs, hours(25))).isEmpty();
    assertThat(judged(treasurer, runs, hours(40)))
        .allMatch(n -> n.fact() instanceof Fact.FleetSpent f && f.percent() == 100)
        .hasSize(2);
  }

  @Test
  void without_caps_nothing_is_said() {
    assertThat(judged(new Treasurer(Policy.Caps.NONE), two(training()), hours(9000))).isEmpty();
  }

  @Test
  void credit_is_told_by_the_hours_it_lasts_and_once_a_step() {
    Treasurer treasurer = new Treasurer(Policy.Caps.NONE);
    Map<RunId, RunState> runs = two(training());
    assertThat(billed(treasurer, runs, bill(hours(1), 100, 0))).isEmpty();
    assertThat(billed(treasurer, runs, bill(hours(2), 12, 0)))
        .hasSize(2)
        .allMatch(n -> n.fact() instanceof Fact.CreditSeen f && f.hours() == 24);
    assertThat(billed(treasurer, runs, bill(hours(3), 11, 0))).isEmpty();
    assertThat(billed(treasurer, runs, bill(hours(4), 0.5, 0)))
        .allMatch(n -> n.fact() instanceof Fact.CreditSeen f && f.hours() == 1);
    assertThat(billed(treasurer, runs, bill(hours(5), 100, 0)))
        .allMatch(n -> n.fact() instanceof Fact.CreditSeen f && f.hours() == Long.MAX_VALUE);
  }

  @Test
  void a_bill_far_from_the_meter_is_told_and_one_that_lags_is_not() {
    Treasurer treasurer = new Treasurer(Policy.Caps.NONE);
    Map<RunId, RunState> runs = new LinkedHashMap<>(Map.of(RUN, training()));
    // The meter shows 3.00 after ten hours; what the bill shows is two hours old.
    assertThat(billed(treasurer, runs, bill(hours(10), 100, 2.45))).isEmpty();
    assertThat(billed(treasurer, runs, bill(hours(10), 100, 5)))
        .singleElement()
        .extracting(Watch.Noticed::fact)
        .isEqualTo(new Fact.Charged(hours(10), ONE, Usd.of(5), Usd.of(3), true));
    assertThat(billed(treasurer, runs, bill(hours(10), 100, 5))).isEmpty();
    assertThat(billed(treasurer, runs, bill(hours(10), 100, 3)))
        .singleElement()
        .matches(n -> n.fact() instanceof Fact.Charged f && !f.apart());
  }

  private static Treasurer treasurer(Usd day, Usd all) {
    return new Treasurer(new Policy.Caps(day, all));
  }

  private static RunState training() {
    return Story.begin().rented(ONE).trains(ONE, 1).state();
  }

  private static Map<RunId, RunState> two(RunState state) {
    Map<RunId, RunState> runs = new LinkedHashMap<>();
    runs.put(RUN, state);
    runs.put(OTHER, state);
    return runs;
  }

  private static Bill bill(Instant at, double credit, double charged) {
    return new Bill(
        at,
        Story.BEGIN.minus(Duration.ofDays(1)),
        Usd.of(credit),
        Map.of(Story.instance(ONE), Usd.of(charged)),
        Bill.Shelf.UNKNOWN);
  }

  private static Fact spent(Instant at, Fact.Span span, int percent, double usd) {
    return new Fact.FleetSpent(at, span, percent, Usd.of(usd), Usd.of(6));
  }

  private static Instant hours(double h) {
    return Story.BEGIN.plusSeconds(Math.round(h * 3600));
  }

  /// Judges, and folds what it finds.
  private static List<Watch.Noticed> judged(
      Treasurer treasurer, Map<RunId, RunState> runs, Instant now) {
    return folded(treasurer.judge(runs, now), runs);
  }

  private static List<Watch.Noticed> billed(
      Treasurer treasurer, Map<RunId, RunState> runs, Bill bill) {
    return folded(treasurer.billed(bill, runs), runs);
  }

  private static List<Watch.Noticed> folded(
      List<Watch.Noticed> noticed, Map<RunId, RunState> runs) {
    noticed.forEach(n -> runs.computeIfPresent(n.run(), (_, s) -> Fold.fold(s, n.fact())));
    return noticed;
  }
}
