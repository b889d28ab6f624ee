package dev.salvor.controller.core.rule;

import static dev.salvor.controller.core.Story.BEGIN;
import static dev.salvor.controller.core.Story.ONE;
import static dev.salvor.controller.core.Story.TWO;
import static dev.salvor.controller.core.Story.checkpoint;
import static dev.salvor.controller.core.Story.results;
import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.controller.core.Arm;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.core.Policy;
import dev.salvor.controller.core.RunSpec;
import dev.salvor.controller.core.Story;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// Whether there is time for a bid, and how long boxes may spend alone: to the second.
class ForecastAndFareTest {
  private static final Policy P = Policy.DEFAULT;

  @Test
  void what_is_left_is_reckoned_by_the_pace_of_checkpoints_alone() {
    Story story = paced(Duration.ofHours(1)).safe(ONE, results(ONE, 1, 9));
    Forecast f = Forecast.of(story.state(), story.now()).orElseThrow();
    assertThat(f.left()).isEqualTo(Duration.ofHours(2));
    assertThat(f.slack()).isEqualTo(Duration.ofHours(1));
    assertThat(f.words())
        .isEqualTo(
            "deadline 2026-01-01T04:00:00Z: steps 100 to 300 at 0.03 a second need 2 h 0 min,"
                + " which leaves 60 min");
    Forecast late = Forecast.of(story.state(), story.now().plusSeconds(3601)).orElseThrow();
    assertThat(late.slack()).isNegative();
    assertThat(late.words()).endsWith("which leaves nothing");
  }

  @Test
  void the_pace_is_of_all_boxes_each_from_its_first_to_its_last_checkpoint() {
    Story story = paced(Duration.ofHours(9));
    story.fact(new Fact.ArmChosen(story.now(), ONE, Arm.RELAUNCH)).outbid(ONE);
    story.after(Duration.ofHours(5)).rented(TWO).trains(TWO, 1);
    story.safe(TWO, checkpoint(TWO, 1, 1, 100)).after(Duration.ofHours(2));
    story.safe(TWO, checkpoint(TWO, 1, 2, 200));
    // Two hundred steps in three hours; the pause of five does not count.
    assertThat(Forecast.of(story.state(), story.now()).orElseThrow().left())
        .isEqualTo(Duration.ofMinutes(90));
  }

  @Test
  void without_a_goal_a_pace_or_a_deadline_nothing_is_foreseen() {
    Story one = Story.due(BEGIN.plus(Duration.ofHours(4))).rented(ONE).trains(ONE, 1);
    one.fact(new Fact.GoalSeen(one.now(), ONE, 300)).safe(ONE, checkpoint(ONE, 1, 1, 10));
    assertThat(Forecast.of(one.state(), one.now())).as("one checkpoint").isEmpty();
    one.safe(ONE, checkpoint(ONE, 1, 2, 20));
    assertThat(Forecast.of(one.state(), one.now())).as("in no time").isEmpty();
    Story still = Story.due(BEGIN.plus(Duration.ofHours(4))).rented(ONE).trains(ONE, 1);
    still.fact(new Fact.GoalSeen(still.now(), ONE, 300)).safe(ONE, checkpoint(ONE, 1, 1, 10));
    still.after(Duration.ofHours(1)).safe(ONE, checkpoint(ONE, 1, 2, 10));
    assertThat(Forecast.of(still.state(), still.now())).as("no step on").isEmpty();
  }

  @Test
  void a_bid_is_made_while_its_losses_fit_in_and_again_when_nothing_helps_any_more() {
    // Two hours of work against 13 hours that a box lasts, 13 min a loss, twice, and one more.
    long losses = 240 + 780;
    assertThat(bids(losses)).isTrue();
    assertThat(bids(losses - 1)).isFalse();
    assertThat(bids(180)).as("a new box is up in three minutes").isFalse();
    assertThat(bids(179)).as("it cannot be met").isTrue();
  }

  private static boolean bids(long slack) {
    Story story = paced(Duration.ofSeconds(slack));
    return Fare.of(story.state(), P, story.now()).bid();
  }

  /// An hour in, with two hours of work left and so much time beside it.
  private static Story paced(Duration slack) {
    Story story = Story.due(BEGIN.plus(Duration.ofHours(3)).plus(slack)).rented(ONE).trains(ONE, 1);
    story.fact(new Fact.GoalSeen(story.now(), ONE, 300)).safe(ONE, checkpoint(ONE, 1, 1, 0));
    return story.after(Duration.ofHours(1)).safe(ONE, checkpoint(ONE, 1, 2, 100));
  }

  @Test
  void a_lease_lasts_as_long_as_the_money_at_the_prices_of_what_is_used() {
    // 10 less the 1.705 of bringing home.
    Story story = Story.begin().rented(ONE).trains(ONE, 1);
    assertThat(lease(story)).isEqualTo(99_540);
    Story asked = Story.begin().asked(ONE);
    assertThat(lease(asked)).as("not seen running yet").isEqualTo(99_540);
    Story moved = Story.begin().rented(ONE).trains(ONE, 1).outbid(ONE);
    moved.fact(new Fact.ArmChosen(moved.now(), ONE, Arm.RELAUNCH)).fenced(ONE).rented(TWO);
    // A quarter is kept for two boxes; what was left bills its disk alone.
    assertThat(leaseOf(moved)).isEqualTo((long) (3600 * 7.5 / 0.31));
    story.after(Duration.ofHours(30));
    assertThat(lease(story)).as("the money is spent").isZero();
  }

  @Test
  void a_lease_is_no_longer_than_its_user_said_nor_than_the_deadline() {
    RunSpec.Finish finish =
        new RunSpec.Finish(RunSpec.After.DESTROY, true, Duration.ofMinutes(9), Duration.ofHours(1));
    Story said = Story.of(Story.spec(finish)).rented(ONE).trains(ONE, 1);
    assertThat(lease(said)).isEqualTo(3600);
    said.ended(ONE, 1, 0, "done");
    assertThat(lease(said)).as("without a job").isEqualTo(540);
    Story due = Story.due(BEGIN.plusSeconds(77)).rented(ONE).trains(ONE, 1);
    assertThat(lease(due)).isEqualTo(77);
  }

  private static long lease(Story story) {
    var until = Leases.until(story.state(), ONE, P, story.now());
    return Duration.between(story.now(), until).toSeconds();
  }

  private static long leaseOf(Story story) {
    var until = Leases.until(story.state(), TWO, P, story.now());
    return Duration.between(story.now(), until).toSeconds();
  }
}
