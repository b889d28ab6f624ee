package dev.salvor.controller.core.rule;

import static dev.salvor.controller.core.Story.ONE;
import static dev.salvor.controller.core.Story.checkpoint;
import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.common.unit.UsdPerHour;
import dev.salvor.controller.core.Arm;
import dev.salvor.controller.core.Decision;
import dev.salvor.controller.core.Effect;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.core.Policy;
import dev.salvor.controller.core.RunSpec;
import dev.salvor.controller.core.Sight;
import dev.salvor.controller.core.Story;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// A box that works is left in order: its contract ends, or its price went up.
class LeavingRulesTest {
  private static final Policy P = Policy.DEFAULT;
  private final ContractRule contract = new ContractRule();
  private final PriceRule price = new PriceRule();

  @Test
  void a_contracts_end_is_told_a_day_before_with_the_day_its_disk_is_deleted() {
    Story story = until(Duration.ofHours(30));
    assertThat(decide(contract, story)).isEmpty();
    Decision told = decide(contract, story.after(Duration.ofHours(7))).orElseThrow();
    assertThat(MoneyRulesTest.announced(told).what())
        .contains("ends at 2026-01-02T06:00:00Z", "from 2026-01-04T06:00:00Z on");
    told.facts().forEach(story::fact);
    assertThat(decide(contract, story)).isEmpty();
  }

  @Test
  void in_its_last_hour_a_checkpoint_is_asked_for_brought_home_and_the_run_goes_on_elsewhere() {
    Story story = until(Duration.ofHours(30)).after(Duration.ofMinutes(29 * 60 + 5));
    Decision begun = decide(contract, story).orElseThrow();
    assertThat(begun.facts()).hasAtLeastOneElementOfType(Fact.CheckpointAsked.class);
    begun.facts().forEach(story::fact);
    assertThat(decide(contract, story)).isEmpty();
    story.after(Duration.ofMinutes(2)).safe(ONE, checkpoint(ONE, 1, 1, 400));
    assertThat(arm(decide(contract, story))).contains(Arm.RELAUNCH);
  }

  @Test
  void a_box_that_nothing_can_replace_is_not_left_before_its_contract_ends() {
    RunSpec s = MoneyRulesTest.listening();
    RunSpec adopted =
        new RunSpec(
            s.run(),
            s.job(),
            RunSpec.Market.none(10),
            s.box(),
            s.finish(),
            s.budget(),
            s.deadline());
    Story story = Story.of(adopted).rented(ONE).trains(ONE, 1);
    story.sawEnding(ONE, Story.BEGIN.plus(Duration.ofHours(30)));
    Decision told = decide(contract, story.after(Duration.ofHours(29))).orElseThrow();
    assertThat(MoneyRulesTest.announced(told).next())
        .contains("Nothing is rented in its place", "--wind-down");
    assertThat(arm(Optional.of(told))).isEmpty();
    told.facts().forEach(story::fact);
    assertThat(decide(contract, story.after(Duration.ofMinutes(50)))).isEmpty();
  }

  @Test
  void a_job_that_answers_nothing_is_not_waited_for_to_the_end() {
    Story story = until(Duration.ofHours(30)).after(Duration.ofMinutes(29 * 60 + 5));
    decide(contract, story).orElseThrow().facts().forEach(story::fact);
    assertThat(decide(contract, story.after(Duration.ofMinutes(9)))).isEmpty();
    assertThat(arm(decide(contract, story.after(Duration.ofMinutes(2))))).contains(Arm.RELAUNCH);
  }

  @Test
  void a_box_that_is_left_in_order_has_a_moment_to_send_what_it_has() {
    Story story = until(Duration.ofHours(30)).after(Duration.ofHours(1));
    story.fact(new Fact.ArmChosen(story.now(), ONE, Arm.RELAUNCH));
    FenceRule fence = new FenceRule();
    assertThat(decide(fence, story)).isEmpty();
    assertThat(decide(new FencedRule(), story)).isPresent();
    assertThat(decide(fence, story.after(Duration.ofSeconds(31)))).isPresent();
  }

  @Test
  void a_price_that_went_up_is_told_and_where_moving_pays_the_run_moves() {
    Story story = Story.begin().rented(ONE).trains(ONE, 1);
    assertThat(decide(price, story)).isEmpty();
    risen(story, 0.9);
    Decision told = decide(price, story).orElseThrow();
    assertThat(MoneyRulesTest.announced(told).what())
        .contains("costs $0.9000/h now", "rented at $0.3000/h");
    told.facts().forEach(story::fact);
    story.after(Duration.ofSeconds(5));
    assertThat(decide(new SearchRule(), story)).isPresent();
    story.offers(Story.offer(90, 0.4));
    assertThat(decide(new SearchRule(), story)).isEmpty();
    Decision begun = decide(price, story).orElseThrow();
    assertThat(begun.evidence())
        .anyMatch(line -> line.startsWith("stay: $0.9000/h for 6 h 0 min = $5.4000"))
        .anyMatch(line -> line.startsWith("move: "));
    begun.facts().forEach(story::fact);
    assertThat(arm(decide(price, story.after(Duration.ofMinutes(11))))).contains(Arm.RELAUNCH);
  }

  @Test
  void where_staying_is_cheaper_the_run_stays() {
    Story story = Story.begin().rented(ONE).trains(ONE, 1);
    risen(story, 0.4);
    decide(price, story).orElseThrow().facts().forEach(story::fact);
    story.after(Duration.ofSeconds(5)).offers(Story.offer(90, 1.5));
    assertThat(decide(price, story)).isEmpty();
  }

  private static void risen(Story story, double to) {
    Sight s = Story.sight(Sight.Status.RUNNING, Sight.Wanted.RUNNING);
    Sight dear =
        new Sight(s.status(), s.wanted(), s.bid(), UsdPerHour.of(to), s.minBid(), s.words());
    story.fact(new Fact.ProviderSaw(story.now(), ONE, dear));
  }

  private static Story until(Duration end) {
    Story story = Story.of(MoneyRulesTest.listening()).rented(ONE).trains(ONE, 1);
    return story.sawEnding(ONE, Story.BEGIN.plus(end));
  }

  private static Optional<Decision> decide(Rule rule, Story story) {
    return rule.decide(story.state(), P, story.now());
  }

  private static List<Arm> arm(Optional<Decision> decision) {
    return decision.stream()
        .flatMap(d -> d.facts().stream())
        .filter(Fact.ArmChosen.class::isInstance)
        .map(f -> ((Fact.ArmChosen) f).arm())
        .toList();
  }

  static Optional<Effect> effect(Optional<Decision> decision) {
    return decision.flatMap(d -> d.effects().stream().map(Decision.Planned::effect).findFirst());
  }
}
