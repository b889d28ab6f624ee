package dev.salvor.controller.core.rule;

import static dev.salvor.controller.core.Story.ONE;
import static dev.salvor.controller.core.Story.TWO;
import static dev.salvor.controller.core.Story.checkpoint;
import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.common.unit.MachineId;
import dev.salvor.common.unit.RunId;
import dev.salvor.common.unit.UsdPerHour;
import dev.salvor.controller.core.AgentOrder;
import dev.salvor.controller.core.Arm;
import dev.salvor.controller.core.DangerClocks;
import dev.salvor.controller.core.Decision;
import dev.salvor.controller.core.Effect;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.core.FailedMachine;
import dev.salvor.controller.core.Offer;
import dev.salvor.controller.core.Outcome;
import dev.salvor.controller.core.Policy;
import dev.salvor.controller.core.RentalRef;
import dev.salvor.controller.core.RunSpec;
import dev.salvor.controller.core.Story;
import dev.salvor.controller.core.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Which machine a run asks for, takes, and how its job begins there.
class ChoosingRulesTest {
  private static final Policy P = Policy.DEFAULT;
  private static final Duration OLD = P.patience().offers().plusSeconds(1);

  @Test
  void a_decision_to_rent_rests_on_the_cap_the_offers_and_the_three_best() {
    Story story =
        Story.begin()
            .offers(
                Story.offer(1, 0.9), Story.offer(2, 0.5), Story.offer(3, 0.7), Story.offer(4, 0.6));
    Decision rent = rent(story).orElseThrow();
    assertThat(rent.what()).isEqualTo("rent 1 x RTX 4090 on machine 2 at bid $0.2750/h");
    assertThat(rent.why())
        .isEqualTo(
            "the cheapest offer that fits; "
                + DangerClocks.of(Story.offer(2, 0.5), story.state().market().searchedAt()));
    assertThat(rent.evidence())
        .containsExactly(
            "cap $1.0000/h",
            "4 offers fit",
            "reckoned with 8 h 0 min, 20.00 GB onto it, 10.00 GB off it",
            line("2", "$0.2750/h", 0.275),
            line("4", "$0.3300/h", 0.33),
            line("3", "$0.3850/h", 0.385));
  }

  /// A bid, its disk, no traffic, and three minutes of it all spread over eight hours.
  private static String line(String offer, String bid, double dollars) {
    UsdPerHour running = UsdPerHour.of(dollars).plus(Story.STORAGE);
    UsdPerHour all = running.plus(new UsdPerHour(Math.round(running.micros() * 0.05 / 8)));
    return "offer %s: 1 x RTX 4090 in here at %s, %s all in, reliability 0.990"
        .formatted(offer, bid, all);
  }

  @Test
  void bytes_that_cost_more_than_the_gpu_make_a_cheap_machine_a_dear_one() {
    Offer dear = trading(Story.offer(2, 0.2), 900_000, 10_000, Duration.ZERO);
    Story story = Story.begin().offers(dear, Story.offer(3, 0.7));
    Decision rent = rent(story).orElseThrow();
    assertThat(rent.what()).contains("machine 3");
    assertThat(rent.why()).startsWith("the cheapest offer that fits;");
  }

  @Test
  void a_contract_that_ends_before_the_run_is_taken_only_where_there_is_no_other() {
    Offer brief = trading(Story.offer(2, 0.2), 0, 0, Duration.ofHours(3));
    assertThat(rent(Story.begin().offers(brief, Story.offer(3, 0.7))).orElseThrow().what())
        .contains("machine 3");
    assertThat(rent(Story.begin().offers(brief)).orElseThrow().what()).contains("machine 2");
  }

  private static Offer trading(Offer o, long up, long down, Duration contract) {
    return new Offer(
        o.id(),
        o.machine(),
        o.gpu(),
        o.gpus(),
        o.price(),
        o.minBid(),
        o.storage(),
        up,
        down,
        o.reliability(),
        o.place(),
        contract);
  }

  @Test
  void a_first_bid_and_a_margin_are_those_that_its_user_said() {
    Story margin = bidding(new RunSpec.Bid(UsdPerHour.ZERO, 1.5)).offers(Story.offer(2, 0.4));
    assertThat(rent(margin).orElseThrow().what()).endsWith("at bid $0.3000/h");
    Story first = bidding(new RunSpec.Bid(UsdPerHour.of(0.35), 0)).offers(Story.offer(2, 0.4));
    assertThat(rent(first).orElseThrow().what()).endsWith("at bid $0.3500/h");
    Story low = bidding(new RunSpec.Bid(UsdPerHour.of(0.1), 0)).offers(Story.offer(2, 0.4));
    assertThat(rent(low)).as("it would be outbid at once").isEmpty();
  }

  private static Story bidding(RunSpec.Bid bid) {
    RunSpec usual = Story.spec(new RunSpec.Finish(RunSpec.After.DESTROY, true));
    RunSpec.Market m = usual.market();
    return Story.of(
        usual.with(
            new RunSpec.Market(
                m.image(),
                m.query(),
                m.diskGb(),
                m.interruptible(),
                m.cap(),
                m.bidding(),
                bid,
                RunSpec.Sizes.UNKNOWN)));
  }

  @Test
  void cheaper_machines_that_failed_others_are_named_as_passed_over_and_dearer_ones_are_not() {
    List<FailedMachine> failed =
        List.of(failed(2, "it did not come up"), failed(4, "its host went offline"));
    Story story = Story.begin().intend(new Effect.Search());
    story.settle(
        new Outcome.Offers(
            List.of(Story.offer(2, 0.5), Story.offer(3, 0.7), Story.offer(4, 0.9)), failed));
    Decision rent = rent(story).orElseThrow();
    assertThat(rent.what()).contains("machine 3");
    assertThat(rent.evidence())
        .contains("machine 2 comes last: it did not come up (run other, 2026-01-01T00:00:00Z)")
        .noneMatch(line -> line.startsWith("machine 4"));
  }

  private static FailedMachine failed(long machine, String why) {
    return new FailedMachine(new MachineId(machine), new RunId("other"), why, Story.BEGIN, 1);
  }

  @Test
  void an_offer_of_just_the_cap_is_taken_and_one_over_it_is_not() {
    // Bids are half of the price, and a tenth: 0.55 of it.
    assertThat(rent(Story.begin().offers(Story.offer(9, 1.818181)))).isPresent();
    assertThat(rent(Story.begin().offers(Story.offer(9, 1.82)))).isEmpty();
  }

  @Test
  void of_two_at_one_price_the_first_listed_number_is_taken() {
    Story story = Story.begin().offers(Story.offer(9, 0.5), Story.offer(8, 0.5));
    assertThat(create(story).offer().id()).isEqualTo(8);
  }

  @Test
  void what_never_was_is_another_attempt_on_another_machine_and_what_was_a_generation() {
    Story never = Story.begin().asked(ONE).settle(new Outcome.Refused("gone"));
    never.after(Duration.ofMinutes(2)).offers(Story.offer(11, 0.2), Story.offer(90, 0.5));
    assertThat(create(never).rental()).isEqualTo(new RentalRef(1, 2));
    assertThat(create(never).offer().id()).as("machine 11 refused").isEqualTo(90);
    Story lost = left().offers(Story.offer(11, 0.2), Story.offer(90, 0.5));
    assertThat(create(lost).rental()).isEqualTo(TWO);
    assertThat(create(lost).offer().id()).as("it was there before").isEqualTo(90);
  }

  /// Its only box is stopped for good, and given up.
  private static Story left() {
    Story story = Story.begin().rented(ONE).trains(ONE, 1).outbid(ONE);
    return story.fact(new Fact.ArmChosen(story.now(), ONE, Arm.RELAUNCH)).fenced(ONE);
  }

  @Test
  void the_market_is_asked_while_a_machine_is_needed_or_a_loss_is_open_and_not_twice() {
    Story story = Story.begin();
    assertThat(search(story)).map(Decision::why).contains("the run needs a machine");
    assertThat(search(story.intend(new Effect.Search()))).as("under way").isEmpty();
    story.settle(new Outcome.Failed("503", true));
    assertThat(search(story.after(Duration.ofMillis(1_999)))).as("a pause").isEmpty();
    assertThat(search(story.after(Duration.ofMillis(1)))).isPresent();
    story.offers(Story.offer(11, 0.5));
    assertThat(search(story.after(P.patience().offers()))).as("fresh enough").isEmpty();
    assertThat(search(story.after(Duration.ofMillis(1)))).isPresent();

    story.rented(ONE).trains(ONE, 1).after(OLD);
    assertThat(search(story)).as("its box works").isEmpty();
    assertThat(search(story.outbid(ONE)))
        .map(Decision::why)
        .contains("a box was lost: what else is there?");
    story.verdict(ONE, new Verdict.Suspect("mute"));
    assertThat(search(story)).as("it is not lost").isEmpty();
    assertThat(search(left().after(OLD))).map(Decision::why).contains("the run needs a machine");
  }

  @Test
  void how_a_job_begins_is_said() {
    Story fresh = Story.begin().rented(ONE).joined(ONE, 1);
    assertThat(proceed(fresh).what()).isEqualTo("start the job");
    assertThat(proceed(fresh).why()).isEqualTo("boot 1 of rental 1.1 is up");

    Story killed = Story.begin().rented(ONE).trains(ONE, 1).ended(ONE, 1, 137, "killed");
    killed.after(Duration.ofMinutes(1));
    assertThat(proceed(killed).what()).isEqualTo("start the job again");
    assertThat(proceed(killed).why()).isEqualTo("it ended by no fault of its own: killed");

    Story moved = Story.begin().rented(ONE).trains(ONE, 1).safe(ONE, checkpoint(ONE, 1, 1, 10));
    moved.outbid(ONE).fact(new Fact.ArmChosen(moved.now(), ONE, Arm.RELAUNCH)).fenced(ONE);
    moved.rented(TWO).joined(TWO, 1);
    assertThat(proceed(moved).what()).isEqualTo("resume from " + checkpoint(ONE, 1, 1, 10).id());
    moved.safe(ONE, checkpoint(ONE, 1, 2, 5, "optimizer"));
    assertThat(proceed(moved).what()).endsWith(" and the newest of 1 other series");
    assertThat(proceed(moved).effects().getFirst().effect())
        .isEqualTo(
            new Effect.Tell(
                TWO,
                1,
                new AgentOrder.ProceedFrom(
                    checkpoint(ONE, 1, 1, 10).id(),
                    List.of(checkpoint(ONE, 1, 2, 5, "optimizer").id()))));
  }

  @Test
  void a_run_that_gets_no_machine_says_so_after_four_tries_and_why() {
    Story story = Story.begin();
    for (int i = 1; i <= 3; i++) {
      story.intend(new Effect.Search()).settle(new Outcome.Failed("the platform is down", true));
      assertThat(stuck(story)).isEmpty();
    }
    story.intend(new Effect.Search()).settle(new Outcome.Failed("the platform is down", true));
    Decision told = stuck(story).orElseThrow();
    assertThat(told.why()).isEqualTo("Run tale gets no machine: the platform is down");
    assertThat(told.evidence()).contains("4 tries in a row failed");
    told.facts().forEach(story::fact);
    assertThat(stuck(story)).isEmpty();

    Story dear = Story.begin().offers(Story.offer(9, 4));
    assertThat(stuck(dear).orElseThrow().why())
        .contains("1 are for rent, none at or under $1.0000/h");
    assertThat(stuck(Story.begin().offers(Story.offer(9, 0.4)))).isEmpty();
    assertThat(stuck(Story.begin())).isEmpty();
    Story again = left().offers(Story.offer(9, 4));
    assertThat(MoneyRulesTest.announced(stuck(again).orElseThrow()).key()).isEqualTo("stuck-1");
  }

  private static Optional<Decision> rent(Story story) {
    return new RentRule().decide(story.state(), P, story.now());
  }

  private static Effect.Create create(Story story) {
    return (Effect.Create) rent(story).orElseThrow().effects().getFirst().effect();
  }

  private static Optional<Decision> search(Story story) {
    return new SearchRule().decide(story.state(), P, story.now());
  }

  private static Optional<Decision> stuck(Story story) {
    return new StuckRule().decide(story.state(), P, story.now());
  }

  private static Decision proceed(Story story) {
    return new ProceedRule().decide(story.state(), P, story.now()).orElseThrow();
  }
}
