package dev.salvor.controller.core.rule;

import static dev.salvor.controller.core.Story.ONE;
import static dev.salvor.controller.core.Story.checkpoint;
import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.controller.core.Fact;
import dev.salvor.controller.core.Policy;
import dev.salvor.controller.core.Story;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// Bids as long as the deadline has room for what they lose; then on demand; and bids again when it
/// cannot be met.
class FareTest {
  @Test
  void with_time_enough_a_bid_is_made() {
    Fare fare = fare(Duration.ofHours(10));
    assertThat(fare.bid()).isTrue();
    assertThat(fare.why()).contains("need 3 h 0 min", "a bid loses");
  }

  @Test
  void where_a_bids_losses_would_miss_the_deadline_it_is_on_demand() {
    Fare fare = fare(Duration.ofMinutes(190));
    assertThat(fare.bid()).isFalse();
    assertThat(fare.price(Story.offer(9, 0.4))).isEqualTo(Story.offer(9, 0.4).price());
    assertThat(fare.why()).contains("on demand");
  }

  @Test
  void a_deadline_that_cannot_be_met_is_no_reason_to_pay_more() {
    Fare fare = fare(Duration.ofHours(2));
    assertThat(fare.bid()).isTrue();
    assertThat(fare.why()).contains("cannot be met any more");
  }

  @Test
  void without_a_deadline_or_a_known_pace_there_is_nothing_to_weigh() {
    Story story = Story.begin().rented(ONE).trains(ONE, 1);
    assertThat(Fare.of(story.state(), Policy.DEFAULT, story.now()).why()).isEmpty();
    Story due = Story.due(Story.BEGIN.plusSeconds(60)).rented(ONE).trains(ONE, 1);
    assertThat(Fare.of(due.state(), Policy.DEFAULT, due.now()).bid()).isTrue();
  }

  /// A job at 100 steps an hour, of which 300 are left, and so much time until its deadline.
  private static Fare fare(Duration left) {
    Duration ran = Duration.ofHours(2);
    Story story = Story.due(Story.BEGIN.plus(ran).plus(left)).rented(ONE).trains(ONE, 1);
    story.fact(new Fact.GoalSeen(story.now(), ONE, 500));
    story.safe(ONE, checkpoint(ONE, 1, 1, 0));
    story.after(Duration.ofHours(1)).safe(ONE, checkpoint(ONE, 1, 2, 100));
    story.after(Duration.ofHours(1)).safe(ONE, checkpoint(ONE, 1, 3, 200));
    return Fare.of(story.state(), Policy.DEFAULT, story.now());
  }
}
