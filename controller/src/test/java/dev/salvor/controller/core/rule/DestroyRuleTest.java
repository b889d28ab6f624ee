package dev.salvor.controller.core.rule;

import static dev.salvor.controller.core.Story.ONE;
import static dev.salvor.controller.core.Story.TWO;
import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.common.checkpoint.Unit;
import dev.salvor.controller.core.Arm;
import dev.salvor.controller.core.Decision;
import dev.salvor.controller.core.Effect;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.core.Outcome;
import dev.salvor.controller.core.Policy;
import dev.salvor.controller.core.RunSpec;
import dev.salvor.controller.core.Sight;
import dev.salvor.controller.core.Story;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DestroyRuleTest {
  private final DestroyRule rule = new DestroyRule();

  @Test
  void what_is_done_and_safe_is_destroyed() {
    Story story = ended(Story.begin()).quiesced(ONE, 1, 1).landed(ONE, last());
    assertThat(decide(story.after(Duration.ofSeconds(5))))
        .get()
        .extracting(d -> d.effects().getFirst().effect())
        .isInstanceOf(Effect.Destroy.class);
  }

  @Test
  void a_box_in_the_ordinary_course_of_its_end_is_no_alarm() {
    Story story = ended(Story.begin());
    assertThat(decide(story)).isEmpty();
    story.intend(new Effect.CopyOut(ONE, last())).after(Duration.ofMinutes(20));
    assertThat(decide(story)).isEmpty();
  }

  @Test
  void what_stands_against_it_is_announced_once_nothing_moves_any_more() {
    Story story = ended(Story.begin()).after(Duration.ofMinutes(2));
    Decision decision = decide(story).orElseThrow();
    assertThat(decision.effects()).isEmpty();
    assertThat(decision.why()).contains("step 500 is complete and has no receipt");
    decision.facts().forEach(story::fact);
    assertThat(decide(story)).isEmpty();
  }

  @Test
  void a_missing_yes_is_asked_for_also_after_something_else_was_announced() {
    Story story = ended(Story.of(RunSpec.After.DESTROY, false)).after(Duration.ofMinutes(2));
    decide(story).orElseThrow().facts().forEach(story::fact);
    story.quiesced(ONE, 1, 1).landed(ONE, last());
    Decision ask = decide(story).orElseThrow();
    assertThat(((Fact.Announced) ask.facts().getFirst()).next()).contains("salvor approve");
  }

  @Test
  void one_that_is_to_be_kept_is_not_destroyed() {
    Story story = ended(Story.of(RunSpec.After.KEEP, true)).quiesced(ONE, 1, 1);
    story.landed(ONE, last()).after(Duration.ofHours(1));
    assertThat(decide(story)).isEmpty();
    assertThat(new BurnRule().decide(story.state(), Policy.DEFAULT, story.now())).isPresent();
  }

  @Test
  void one_that_the_run_has_left_is_destroyed_when_its_disk_is_home() {
    Story story = Story.begin().rented(ONE).trains(ONE, 1).outbid(ONE).rescued(ONE, true);
    story.fact(new Fact.ArmChosen(story.now(), ONE, Arm.RELAUNCH));
    assertThat(decide(story)).isEmpty();
    story.fenced(ONE).rescued(ONE, true).rented(TWO);
    assertThat(decide(story))
        .get()
        .extracting(d -> d.effects().getFirst().effect())
        .isInstanceOf(Effect.Destroy.class);
  }

  @Test
  void a_late_twin_is_destroyed_as_never_started() {
    Story story = Story.begin().asked(ONE).settle(new Outcome.Unclear("no answer"));
    story.fact(new Fact.RentalAbsent(story.now(), ONE)).rented(TWO);
    story.fact(new Fact.RentalFound(story.now(), ONE, Story.instance(ONE)));
    story.saw(ONE, Sight.Status.LOADING, Sight.Wanted.RUNNING);
    Effect.Destroy destroy =
        (Effect.Destroy) decide(story).orElseThrow().effects().getFirst().effect();
    assertThat(destroy.terms().rental()).isEqualTo(ONE);
  }

  private static Story ended(Story story) {
    return story.rented(ONE).trains(ONE, 1).seen(ONE, last()).ended(ONE, 1, 0, "done");
  }

  private static Unit last() {
    return Story.checkpoint(ONE, 1, 1, 500);
  }

  private Optional<Decision> decide(Story story) {
    return rule.decide(story.state(), Policy.DEFAULT, story.now());
  }

  @Test
  void an_erasure_that_fails_again_and_again_is_told() {
    Story story = ended(Story.begin()).quiesced(ONE, 1, 1).landed(ONE, last());
    for (int i = 0; i < 3; i++) {
      story.after(Duration.ofMinutes(2));
      story.intend(decide(story).orElseThrow().effects().getFirst().effect());
      story.settle(new Outcome.Failed("500", true));
    }
    story.after(Duration.ofMinutes(2));
    Decision told = decide(story).orElseThrow();
    assertThat(told.effects()).isEmpty();
    assertThat(told.why()).contains("could not be destroyed 3 times");
    told.facts().forEach(story::fact);
    assertThat(decide(story).orElseThrow().effects()).hasSize(1);
  }
}
