package dev.salvor.controller.core.rule;

import static dev.salvor.controller.core.Story.ONE;
import static dev.salvor.controller.core.Story.TWO;
import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.common.unit.MachineId;
import dev.salvor.common.unit.RunId;
import dev.salvor.controller.core.Arm;
import dev.salvor.controller.core.Decision;
import dev.salvor.controller.core.Effect;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.core.FailedMachine;
import dev.salvor.controller.core.Offer;
import dev.salvor.controller.core.Outcome;
import dev.salvor.controller.core.Policy;
import dev.salvor.controller.core.RentalRef;
import dev.salvor.controller.core.Sight;
import dev.salvor.controller.core.Story;
import dev.salvor.controller.core.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RentRuleTest {
  private final RentRule rule = new RentRule();

  @Test
  void the_cheapest_offer_is_taken_at_the_lowest_bid_and_a_margin() {
    Story story = Story.begin().offers(Story.offer(8, 0.6), Story.offer(9, 0.4));
    assertThat(create(story))
        .isEqualTo(
            new Effect.Create(
                ONE,
                Story.offer(9, 0.4),
                Story.offer(9, 0.4).minBid().times(Policy.DEFAULT.worth().bidMargin()),
                true));
  }

  @Test
  void a_machine_that_failed_another_run_is_taken_only_where_there_is_no_other() {
    FailedMachine failed =
        new FailedMachine(
            new MachineId(9), new RunId("other"), "it did not come up", Story.BEGIN, 1);
    assertThat(create(searched(failed, Story.offer(8, 0.6), Story.offer(9, 0.4))).offer().id())
        .isEqualTo(8);
    Decision decision =
        decide(searched(failed, Story.offer(8, 0.6), Story.offer(9, 0.4))).orElseThrow();
    assertThat(decision.why()).contains("has not failed us");
    assertThat(decision.evidence()).anyMatch(line -> line.startsWith("machine 9 comes last: it"));
    assertThat(create(searched(failed, Story.offer(9, 0.4))).offer().id()).isEqualTo(9);
  }

  private static Story searched(FailedMachine failed, Offer... offers) {
    return Story.begin()
        .intend(new Effect.Search())
        .settle(new Outcome.Offers(List.of(offers), List.of(failed)));
  }

  @Test
  void nothing_is_rented_over_the_cap_or_on_offers_that_are_old() {
    assertThat(decide(Story.begin().offers(Story.offer(9, 4)))).isEmpty();
    Story old = Story.begin().offers(Story.offer(9, 0.4));
    assertThat(decide(old.after(Policy.DEFAULT.patience().offers().plusSeconds(1)))).isEmpty();
  }

  @Test
  void nothing_is_rented_while_an_answer_is_open_or_unclear() {
    Story story = Story.begin().asked(ONE).offers(Story.offer(90, 0.4));
    assertThat(decide(story)).isEmpty();
    Story unclear = Story.begin().asked(ONE).settle(new Outcome.Unclear("no answer"));
    assertThat(decide(unclear.offers(Story.offer(90, 0.4)))).isEmpty();
    unclear.fact(new Fact.RentalAbsent(unclear.now(), ONE));
    assertThat(create(unclear).rental()).isEqualTo(new RentalRef(1, 2));
  }

  @Test
  void the_older_generation_stands_still_before_the_next_is_rented() {
    Story story = givenUp();
    assertThat(decide(story)).isEmpty();
    assertThat(new FenceRule().decide(story.state(), Policy.DEFAULT, story.now()))
        .get()
        .extracting(d -> d.effects().getFirst().effect())
        .isEqualTo(new Effect.Stop(ONE, Story.instance(ONE)));
    story.intend(new Effect.Stop(ONE, Story.instance(ONE))).settle(new Outcome.Done());
    assertThat(decide(story)).isEmpty();
    story.fenced(ONE);
    assertThat(create(story).rental()).isEqualTo(TWO);
  }

  @Test
  void an_older_generation_that_comes_back_holds_up_the_next() {
    Story story = givenUp().fenced(ONE);
    story.saw(ONE, Sight.Status.RUNNING, Sight.Wanted.RUNNING);
    assertThat(decide(story)).isEmpty();
  }

  @Test
  void an_offline_host_does_not_hold_up_the_next() {
    Story story = givenUp().saw(ONE, Sight.Status.OFFLINE, Sight.Wanted.RUNNING);
    story.verdict(ONE, new Verdict.Lost(Verdict.Cause.HOST_OFFLINE, "away"));
    assertThat(create(story).rental()).isEqualTo(TWO);
  }

  @Test
  void on_unknown_nothing_is_rented() {
    Story story = givenUp().fenced(ONE).verdict(ONE, new Verdict.Unknown("no answer"));
    assertThat(decide(story)).isEmpty();
  }

  @Test
  void a_market_with_nothing_that_fits_is_told() {
    Story story = Story.begin().offers(Story.offer(9, 4));
    assertThat(new StuckRule().decide(story.state(), Policy.DEFAULT, story.now())).isPresent();
  }

  private static Story givenUp() {
    Story story = Story.begin().rented(ONE).trains(ONE, 1).after(Duration.ofMinutes(2));
    story.outbid(ONE).rescued(ONE, true);
    story.fact(new Fact.ArmChosen(story.now(), ONE, Arm.RELAUNCH));
    return story.offers(Story.offer(90, 0.4));
  }

  private Optional<Decision> decide(Story story) {
    return rule.decide(story.state(), Policy.DEFAULT, story.now());
  }

  private Effect.Create create(Story story) {
    return (Effect.Create) decide(story).orElseThrow().effects().getFirst().effect();
  }
}
