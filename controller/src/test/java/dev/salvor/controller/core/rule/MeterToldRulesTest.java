package dev.salvor.controller.core.rule;

import static dev.salvor.controller.core.Story.ONE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.common.checkpoint.Unit;
import dev.salvor.controller.core.Decision;
import dev.salvor.controller.core.Effect;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.core.Outcome;
import dev.salvor.controller.core.Permits;
import dev.salvor.controller.core.Policy;
import dev.salvor.controller.core.Story;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// A meter that runs and brings nothing on is told of, once.
class MeterToldRulesTest {
  private static final Duration QUARTER = Duration.ofMinutes(15);
  private static final Unit UNIT = Story.checkpoint(ONE, 1, 1, 100);

  @Test
  void a_box_that_is_up_and_never_starts_its_job_is_told_of_once() {
    Story story = Story.begin().rented(ONE).joined(ONE, 1).after(QUARTER);
    assertThat(idle(story)).isEmpty();
    story.after(Duration.ofSeconds(1));
    Fact.Announced said = said(idle(story));
    assertThat(said.what()).contains(Story.instance(ONE) + " is up", "$0.3000/h", "15 minutes");
    assertThat(said.next()).contains("salvor explain tale", "--wind-down");
    assertThat(idle(story.fact(said))).isEmpty();
    assertThat(idle(story.joined(ONE, 2).after(QUARTER.multipliedBy(2)))).isPresent();
  }

  @Test
  void a_box_that_trains_or_is_silent_or_was_explained_is_not() {
    assertThat(idle(Story.begin().rented(ONE).trains(ONE, 1).after(QUARTER.multipliedBy(2))))
        .isEmpty();
    assertThat(idle(Story.begin().rented(ONE).after(QUARTER.multipliedBy(2)))).isEmpty();
    Story told = Story.begin().rented(ONE).joined(ONE, 1).after(QUARTER.multipliedBy(2));
    told.fact(new Fact.Announced(told.now(), "destroy-blocked-1.1", "what", "next"));
    assertThat(idle(told)).isEmpty();
  }

  @Test
  void what_is_under_way_counts_as_moving_and_what_came_home_as_having_moved() {
    Story story = Story.begin().rented(ONE).trains(ONE, 1).seen(ONE, UNIT).ended(ONE, 1, 0, "done");
    story.intend(new Effect.CopyOut(ONE, UNIT)).after(QUARTER.multipliedBy(2));
    assertThat(idle(story)).isEmpty();
    story.settle(new Outcome.Landed(Story.receipt(UNIT)));
    assertThat(idle(story.after(QUARTER))).isEmpty();
    assertThat(idle(story.after(Duration.ofSeconds(1)))).isPresent();
  }

  @Test
  void a_box_whose_copies_are_read_for_long_before_it_goes_is_told_of() {
    Story story = Story.begin().rented(ONE).trains(ONE, 1).ended(ONE, 1, 0, "done");
    story.quiesced(ONE, 1, 0).after(Duration.ofSeconds(10));
    var terms = ((Permits.Ruling.Granted) Permits.rule(story.state(), ONE, story.now())).terms();
    story.intend(new Effect.Destroy(terms));
    assertThat(idle(story.after(QUARTER))).isEmpty();
    assertThat(idle(story.after(Duration.ofSeconds(1)))).isPresent();
  }

  @Test
  void what_explained_it_once_explains_it_no_more_when_it_was_acknowledged() {
    Story story = Story.begin().rented(ONE).joined(ONE, 1);
    story.fact(new Fact.Announced(story.now(), "uncopied-1.1", "what", "next"));
    assertThat(idle(story.after(QUARTER.multipliedBy(2)))).isEmpty();
    story.fact(new Fact.NoticeAcknowledged(story.now(), 1));
    assertThat(idle(story)).isPresent();
  }

  @Test
  void a_job_that_just_ended_gives_its_box_time() {
    Story story = Story.begin().rented(ONE).trains(ONE, 1).after(QUARTER.multipliedBy(2));
    story.ended(ONE, 1, 0, "done");
    assertThat(idle(story.after(QUARTER))).isEmpty();
    assertThat(idle(story.after(Duration.ofSeconds(1)))).isPresent();
  }

  @Test
  void cargo_that_fails_ten_times_is_told_of_once_and_tried_on() {
    Story story = failing(9);
    assertThat(uncopied(story)).isEmpty();
    fail(story);
    Fact.Announced said = said(uncopied(story));
    assertThat(said.key()).isEqualTo("uncopied-1.1");
    assertThat(said.what()).contains(UNIT.id().toString(), "10 times in a row");
    assertThat(said.next()).contains("tried on", "--abandon");
    assertThat(uncopied(story.fact(said))).isEmpty();
  }

  @Test
  void cargo_that_is_replaced_by_newer_is_no_trouble() {
    Story story = failing(12).safe(ONE, Story.checkpoint(ONE, 1, 2, 200));
    assertThat(uncopied(story)).isEmpty();
  }

  private static Story failing(int times) {
    Story story = Story.begin().rented(ONE).trains(ONE, 1).seen(ONE, UNIT);
    for (int i = 0; i < times; i++) {
      fail(story);
    }
    return story;
  }

  private static void fail(Story story) {
    story
        .intend(new Effect.CopyOut(ONE, UNIT))
        .settle(new Outcome.Failed("broke", true))
        .after(Duration.ofMinutes(1));
  }

  private static Optional<Decision> idle(Story story) {
    return new IdleRule().decide(story.state(), Policy.DEFAULT, story.now());
  }

  private static Optional<Decision> uncopied(Story story) {
    return new UncopiedRule().decide(story.state(), Policy.DEFAULT, story.now());
  }

  private static Fact.Announced said(Optional<Decision> decision) {
    return (Fact.Announced) decision.orElseThrow().facts().getFirst();
  }
}
