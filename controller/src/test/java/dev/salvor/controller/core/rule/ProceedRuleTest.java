package dev.salvor.controller.core.rule;

import static dev.salvor.controller.core.Story.ONE;
import static dev.salvor.controller.core.Story.TWO;
import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.controller.core.AgentOrder;
import dev.salvor.controller.core.Decision;
import dev.salvor.controller.core.Effect;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.core.Outcome;
import dev.salvor.controller.core.Policy;
import dev.salvor.controller.core.Rental;
import dev.salvor.controller.core.Story;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ProceedRuleTest {
  private static final Policy P = Policy.DEFAULT;
  private static final int RESTARTS = 2;
  private static final Policy PATIENT =
      P.with(new Policy.Restarts(RESTARTS, Duration.ofSeconds(10), false));
  private final ProceedRule rule = new ProceedRule();

  @Test
  void a_box_that_came_up_is_told_to_start_once() {
    Story story = Story.begin().rented(ONE).joined(ONE, 1);
    assertThat(order(story)).isEqualTo(new AgentOrder.Proceed());
    story.intend(new Effect.Tell(ONE, 1, new AgentOrder.Proceed()));
    assertThat(decide(story)).isEmpty();
    story.settle(new Outcome.Done()).after(Duration.ofMinutes(1));
    assertThat(decide(story)).isEmpty();
  }

  @Test
  void an_order_that_did_not_arrive_is_made_again_after_a_rest() {
    Story story = Story.begin().rented(ONE).joined(ONE, 1);
    story.intend(new Effect.Tell(ONE, 1, new AgentOrder.Proceed()));
    story.settle(new Outcome.Failed("not connected", true));
    assertThat(decide(story)).isEmpty();
    assertThat(order(story.after(Duration.ofSeconds(5)))).isEqualTo(new AgentOrder.Proceed());
  }

  @Test
  void a_restore_that_a_stop_cut_short_is_asked_for_again_on_the_next_boot() {
    Story story = Story.begin().rented(ONE).trains(ONE, 1);
    story.safe(ONE, Story.checkpoint(ONE, 1, 1, 100)).outbid(ONE).fenced(ONE);
    story.rented(TWO).joined(TWO, 1);
    AgentOrder.ProceedFrom from =
        new AgentOrder.ProceedFrom(Story.checkpoint(ONE, 1, 1, 100).id(), List.of());
    assertThat(order(story)).isEqualTo(from);
    story.intend(new Effect.Tell(TWO, 1, from)).settle(new Outcome.Done());
    story.outbid(TWO).joined(TWO, 2).after(Duration.ofMinutes(1));
    assertThat(order(story)).isEqualTo(from);
    story.intend(new Effect.Tell(TWO, 2, from)).settle(new Outcome.Done());
    story.fact(new Fact.Restored(story.now(), TWO, from.unit())).outbid(TWO).joined(TWO, 3);
    assertThat(order(story.after(Duration.ofMinutes(1)))).isEqualTo(new AgentOrder.Proceed());
  }

  @Test
  void a_new_disk_begins_from_the_frontier_and_the_same_disk_from_itself() {
    Story story = Story.begin().rented(ONE).trains(ONE, 1);
    story.safe(ONE, Story.checkpoint(ONE, 1, 1, 100)).fenced(ONE).rented(TWO).joined(TWO, 1);
    assertThat(order(story))
        .isEqualTo(new AgentOrder.ProceedFrom(Story.checkpoint(ONE, 1, 1, 100).id(), List.of()));
    story.trains(TWO, 1).after(Duration.ofMinutes(1)).joined(TWO, 2);
    assertThat(order(story)).isEqualTo(new AgentOrder.Proceed());
  }

  @Test
  void a_box_that_came_back_before_it_was_told_to_start_begins_from_the_frontier_too() {
    Story story = Story.begin().rented(ONE).trains(ONE, 1);
    story.safe(ONE, Story.checkpoint(ONE, 1, 1, 100)).fenced(ONE).rented(TWO).joined(TWO, 1);
    story.after(Duration.ofMinutes(1)).joined(TWO, 2);

    assertThat(order(story))
        .isEqualTo(new AgentOrder.ProceedFrom(Story.checkpoint(ONE, 1, 1, 100).id(), List.of()));
  }

  @Test
  void a_new_disk_gets_the_newest_of_every_series_that_the_job_keeps() {
    Story story = Story.begin().rented(ONE).trains(ONE, 1);
    story.safe(ONE, Story.checkpoint(ONE, 1, 1, 100, "G_100.pth"));
    story.safe(ONE, Story.checkpoint(ONE, 1, 2, 100, "D_100.pth"));
    story.safe(ONE, Story.checkpoint(ONE, 1, 3, 200, "G_200.pth"));
    story.safe(ONE, Story.checkpoint(ONE, 1, 4, 200, "D_200.pth"));
    story.safe(ONE, Story.checkpoint(ONE, 1, 5, 200, "best.pth"));
    story.fenced(ONE).rented(TWO).joined(TWO, 1);

    assertThat(order(story))
        .isEqualTo(
            new AgentOrder.ProceedFrom(
                Story.checkpoint(ONE, 1, 3, 200, "G_200.pth").id(),
                List.of(
                    Story.checkpoint(ONE, 1, 5, 200, "best.pth").id(),
                    Story.checkpoint(ONE, 1, 4, 200, "D_200.pth").id())));
  }

  @Test
  void a_job_that_was_killed_is_started_again_a_few_times_only() {
    Story story = Story.begin().rented(ONE).trains(ONE, 1);
    for (int i = 0; i < RESTARTS; i++) {
      killed(story, i + 1);
      assertThat(decide(story)).as("at once").isEmpty();
      story.after(Duration.ofSeconds(10L << i));
      story.intend(new Effect.Tell(ONE, 1, order(story))).settle(new Outcome.Done());
      story.fact(new Fact.JobStarted(story.now(), ONE, 1, i + 2));
    }
    killed(story, RESTARTS + 1);
    assertThat(decide(story.after(Duration.ofHours(1)))).isEmpty();
  }

  @Test
  void the_end_of_an_earlier_start_heard_again_ends_nothing() {
    Story story = Story.begin().rented(ONE).trains(ONE, 1);
    killed(story, 1);
    story.after(Duration.ofMinutes(1));
    story.intend(new Effect.Tell(ONE, 1, order(story))).settle(new Outcome.Done());
    killed(story, 1);
    assertThat(decide(story.after(Duration.ofMinutes(1)))).isEmpty();
    story.fact(new Fact.JobStarted(story.now(), ONE, 1, 2));
    killed(story, 1);
    assertThat(story.rental(ONE).job()).isInstanceOf(Rental.JobState.Running.class);
  }

  private static void killed(Story story, int start) {
    story.fact(
        new Fact.JobEnded(
            story.after(Duration.ofMinutes(1)).now(), ONE, 1, 137, "killed", List.of(), start));
  }

  @Test
  void a_job_that_failed_by_itself_is_not_started_again() {
    assertThat(decide(Story.begin().rented(ONE).trains(ONE, 1).ended(ONE, 1, 1, "user-error")))
        .isEmpty();
  }

  @Test
  void a_rental_that_the_run_has_left_starts_nothing() {
    Story story = Story.begin().rented(ONE).trains(ONE, 1).fenced(ONE).rented(TWO).trains(TWO, 1);
    assertThat(decide(story.joined(ONE, 2))).isEmpty();
  }

  @Test
  void a_run_that_is_being_ended_starts_nothing() {
    Story story = Story.begin().rented(ONE).joined(ONE, 1);
    story.fact(new Fact.WindDownAsked(story.now(), "user"));
    assertThat(decide(story)).isEmpty();
  }

  private Optional<Decision> decide(Story story) {
    return rule.decide(story.state(), PATIENT, story.now());
  }

  private AgentOrder order(Story story) {
    return ((Effect.Tell) decide(story).orElseThrow().effects().getFirst().effect()).order();
  }
}
