package dev.salvor.controller.core.rule;

import static dev.salvor.controller.core.Story.ONE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.common.unit.MachineId;
import dev.salvor.common.unit.Usd;
import dev.salvor.common.unit.UsdPerHour;
import dev.salvor.controller.core.Decision;
import dev.salvor.controller.core.Effect;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.core.Offer;
import dev.salvor.controller.core.Outcome;
import dev.salvor.controller.core.Policy;
import dev.salvor.controller.core.Retention;
import dev.salvor.controller.core.RunSpec;
import dev.salvor.controller.core.Sight;
import dev.salvor.controller.core.Story;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Budgets, caps, credit and bills: what is said, and what is done, at which amount.
class MoneyRulesTest {
  private static final Policy P = Policy.DEFAULT;

  @Test
  void a_week_of_disk_and_the_last_copy_are_kept_back_from_the_start() {
    Story story = Story.begin().rented(ONE).trains(ONE, 1);
    Reserve reserve = Reserve.of(story.state());
    // 168 hours of disk at 0.01, and five minutes of the box at its price of 0.30.
    assertThat(reserve.usd()).isEqualTo(Usd.of(1.68 + 0.025));
    assertThat(reserve.lines()).singleElement().asString().contains("7 days of disk", "5 min");
  }

  @Test
  void a_small_budget_keeps_a_quarter_and_says_so() {
    var spec = Story.begin().state().spec();
    var small = new RunSpec(spec.run(), spec.job(), spec.market(), spec.finish(), Usd.of(2));
    Reserve reserve = Reserve.of(Story.of(small).rented(ONE).state());
    assertThat(reserve.usd()).isEqualTo(Usd.of(0.5));
    assertThat(reserve.lines().getLast()).contains("a quarter of the budget");
  }

  @Test
  void at_80_it_is_told_at_95_the_job_is_asked_and_at_100_it_comes_home() {
    Story story = Story.of(listening()).rented(ONE).trains(ONE, 1);
    // Usable: 10 less 1.705; at 0.30 an hour that is 27.65 hours.
    assertThat(budget(story.after(hours(22)))).isEmpty();
    Decision told = budget(story.after(hours(0.2))).orElseThrow();
    assertThat(announced(told).key()).startsWith("budget-80");
    assertThat(announced(told).what()).contains("80 %", "the rest lasts 5 h", "until 2026-01-02");
    told.facts().forEach(story::fact);
    assertThat(budget(story)).isEmpty();
    Decision near = budget(story.after(hours(4.2))).orElseThrow();
    assertThat(near.facts()).hasAtLeastOneElementOfType(Fact.CheckpointAsked.class);
    near.facts().forEach(story::fact);
    assertThat(budget(story)).isEmpty();
    Decision home = budget(story.after(hours(1.3))).orElseThrow();
    assertThat(home.facts()).hasAtLeastOneElementOfType(Fact.WindDownAsked.class);
    assertThat(home.evidence()).anyMatch(line -> line.contains("7 days of disk"));
  }

  @Test
  void a_budget_that_was_raised_is_told_of_anew_at_its_own_80() {
    Story story = Story.of(listening()).rented(ONE).trains(ONE, 1).after(hours(22.2));
    budget(story).orElseThrow().facts().forEach(story::fact);
    story.fact(new Fact.BudgetChanged(story.now(), Usd.of(20), "me"));
    assertThat(story.state().spec().budget()).isEqualTo(Usd.of(20));
    assertThat(budget(story)).isEmpty();
    Decision told = budget(story.after(hours(27))).orElseThrow();
    assertThat(announced(told).what()).contains("80 %");
    assertThat(announced(told).next()).contains("salvor budget tale USD");
  }

  @Test
  void a_disk_past_the_budget_is_told_of_every_day() {
    Story story = Story.begin().rented(ONE).trains(ONE, 1).after(Duration.ofDays(3)).fenced(ONE);
    OverrunRule rule = new OverrunRule();
    Decision first = rule.decide(story.state(), P, story.now()).orElseThrow();
    assertThat(announced(first).what()).contains("past its budget", "Inactive", "$0.2400 a day");
    first.facts().forEach(story::fact);
    assertThat(rule.decide(story.state(), P, story.now())).isEmpty();
    assertThat(rule.decide(story.state(), P, story.now().plus(Duration.ofDays(1)))).isPresent();
  }

  @Test
  void low_credit_is_told_with_its_hours_and_the_last_hour_brings_home() {
    Story story = Story.of(listening()).rented(ONE).trains(ONE, 1);
    CreditRule rule = new CreditRule();
    assertThat(rule.decide(story.state(), P, story.now())).isEmpty();
    story.fact(credit(story, 1.5, 6));
    Decision told = rule.decide(story.state(), P, story.now()).orElseThrow();
    assertThat(announced(told).what()).contains("$1.5000", "5 h 0 min", "until 2026-01-01T05:00");
    told.facts().forEach(story::fact);
    assertThat(rule.decide(story.state(), P, story.now())).isEmpty();
    story.fact(credit(story, 0.2, 1));
    assertThat(rule.decide(story.state(), P, story.now()).orElseThrow().facts())
        .hasAtLeastOneElementOfType(Fact.WindDownAsked.class)
        .hasAtLeastOneElementOfType(Fact.CheckpointAsked.class);
  }

  @Test
  void a_cap_on_all_runs_is_told_and_then_brings_home() {
    Story story = Story.begin().rented(ONE).trains(ONE, 1);
    FleetRule rule = new FleetRule();
    story.fact(fleet(story, 80));
    Decision told = rule.decide(story.state(), P, story.now()).orElseThrow();
    assertThat(announced(told).what()).contains("80 %", "today (UTC)");
    told.facts().forEach(story::fact);
    assertThat(rule.decide(story.state(), P, story.now())).isEmpty();
    story.fact(fleet(story, 100));
    assertThat(rule.decide(story.state(), P, story.now()).orElseThrow().facts())
        .hasAtLeastOneElementOfType(Fact.WindDownAsked.class);
    // Yesterday's cap ends nothing today.
    assertThat(rule.decide(story.state(), P, story.now().plus(Duration.ofDays(1)))).isEmpty();
  }

  @Test
  void a_bill_that_differs_is_told_once() {
    Story story = Story.begin().rented(ONE).trains(ONE, 1);
    story.fact(new Fact.Charged(story.now(), ONE, Usd.of(5), Usd.of(3), true));
    ReconcileRule rule = new ReconcileRule();
    Decision told = rule.decide(story.state(), P, story.now()).orElseThrow();
    assertThat(announced(told).what()).contains("$5.0000", "$3.0000", "$2.0000 more");
    assertThat(rule.decide(story.fact(announced(told)).state(), P, story.now())).isEmpty();
  }

  @Test
  void the_meter_tells_what_the_money_went_into() {
    Story story = Story.begin().rented(ONE).trains(ONE, 1).after(hours(2)).fenced(ONE);
    var parts = story.rental(ONE).meter().parts(story.now().plus(hours(10)));
    assertThat(parts.gpu()).isEqualTo(Usd.of(0.6));
    assertThat(parts.disk()).isEqualTo(Usd.of(0.1));
    assertThat(parts.ran()).isEqualTo(hours(2));
  }

  @Test
  void bytes_home_are_metered_at_the_hosts_price() {
    Story story = Story.begin();
    var dear =
        new Offer(
            11,
            new MachineId(11),
            "RTX 4090",
            1,
            UsdPerHour.of(0.5),
            UsdPerHour.of(0.25),
            Story.STORAGE,
            5_000_000_000L,
            0,
            0.99,
            "here");
    story.intend(new Effect.Create(ONE, dear, UsdPerHour.of(0.3), true));
    story.settle(new Outcome.Created(Story.instance(ONE)));
    story.saw(ONE, Sight.Status.RUNNING, Sight.Wanted.RUNNING).trains(ONE, 1);
    story.safe(ONE, Story.checkpoint(ONE, 1, 1, 10));
    // 100 bytes at 5,000 dollars a GB.
    assertThat(story.rental(ONE).meter().parts(story.now()).bytes()).isEqualTo(Usd.of(0.0005));
  }

  private static Fact credit(Story story, double left, long hours) {
    return new Fact.CreditSeen(story.now(), Usd.of(left), UsdPerHour.of(0.3), hours);
  }

  private static Fact fleet(Story story, int percent) {
    return new Fact.FleetSpent(story.now(), Fact.Span.DAY, percent, Usd.of(8), Usd.of(10));
  }

  static RunSpec listening() {
    var spec = Story.begin().state().spec();
    var care =
        new RunSpec.Care(
            List.of(),
            List.of(),
            List.of(),
            "SIGUSR1",
            List.of(),
            List.of(),
            Duration.ZERO,
            "",
            List.of(),
            Retention.ALL,
            false,
            List.of());
    var job = spec.job();
    return spec.with(
        new RunSpec.Job(
            job.command(),
            job.workdir(),
            job.env(),
            job.checkpointRoots(),
            job.resultRoots(),
            care));
  }

  private static Optional<Decision> budget(Story story) {
    return new BudgetRule().decide(story.state(), P, story.now());
  }

  static Fact.Announced announced(Decision d) {
    return d.facts().stream()
        .filter(Fact.Announced.class::isInstance)
        .map(Fact.Announced.class::cast)
        .findFirst()
        .orElseThrow();
  }

  private static Duration hours(double h) {
    return Duration.ofSeconds(Math.round(h * 3600));
  }
}
