package dev.salvor.controller.core.rule;

import static dev.salvor.controller.core.Story.ONE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.common.checkpoint.Unit;
import dev.salvor.controller.core.Decision;
import dev.salvor.controller.core.Effect;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.core.Outcome;
import dev.salvor.controller.core.Policy;
import dev.salvor.controller.core.Story;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CopyOutRuleTest {
  private final CopyOutRule rule = new CopyOutRule();

  @Test
  void the_newest_checkpoint_goes_first_and_one_at_a_time() {
    Story story = trains().seen(ONE, at(1, 100)).seen(ONE, at(2, 200));
    assertThat(unit(story)).isEqualTo(at(2, 200));
    story.intend(new Effect.CopyOut(ONE, at(2, 200)));
    assertThat(decide(story)).isEmpty();
    story.settle(new Outcome.Landed(Story.receipt(at(2, 200))));
    assertThat(decide(story)).isEmpty();
  }

  @Test
  void every_model_that_is_saved_beside_another_is_copied() {
    Unit best = Story.checkpoint(ONE, 1, 1, 100, "best.pth");
    Story story = trains().seen(ONE, best).safe(ONE, at(2, 200));
    assertThat(unit(story)).isEqualTo(best);
    assertThat(decide(story.landed(ONE, best))).isEmpty();
  }

  @Test
  void results_come_after_checkpoints() {
    Story story = trains().seen(ONE, Story.results(ONE, 1, 2)).seen(ONE, at(1, 100));
    assertThat(unit(story)).isEqualTo(at(1, 100));
    assertThat(unit(story.landed(ONE, at(1, 100)))).isEqualTo(Story.results(ONE, 1, 2));
  }

  @Test
  void the_newest_results_are_those_of_the_newest_boot() {
    Story story = trains().seen(ONE, Story.results(ONE, 1, 10)).trains(ONE, 2);
    assertThat(unit(story.seen(ONE, Story.results(ONE, 2, 3)))).isEqualTo(Story.results(ONE, 2, 3));
  }

  @Test
  void a_copy_that_failed_is_tried_again_after_a_rest() {
    Story story = trains().seen(ONE, at(1, 100)).intend(new Effect.CopyOut(ONE, at(1, 100)));
    story.settle(new Outcome.Failed("broke", true));
    assertThat(decide(story)).isEmpty();
    assertThat(unit(story.after(Duration.ofSeconds(3)))).isEqualTo(at(1, 100));
  }

  @Test
  void an_agent_that_comes_anew_is_asked_again() {
    Story story = trains().seen(ONE, at(1, 100)).intend(new Effect.CopyOut(ONE, at(1, 100)));
    story.fact(new Fact.AgentJoined(story.now(), ONE, 1, true, true));
    assertThat(unit(story)).isEqualTo(at(1, 100));
  }

  @Test
  void a_box_that_does_not_speak_is_asked_nothing() {
    assertThat(decide(trains().seen(ONE, at(1, 100)).outbid(ONE))).isEmpty();
  }

  private static Story trains() {
    return Story.begin().rented(ONE).trains(ONE, 1);
  }

  private static Unit at(long seq, long step) {
    return Story.checkpoint(ONE, 1, seq, step);
  }

  private Optional<Decision> decide(Story story) {
    return rule.decide(story.state(), Policy.DEFAULT, story.now());
  }

  private Unit unit(Story story) {
    return ((Effect.CopyOut) decide(story).orElseThrow().effects().getFirst().effect()).unit();
  }
}
