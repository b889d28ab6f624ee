package dev.salvor.controller.core.rule;

import static dev.salvor.controller.core.Story.ONE;
import static dev.salvor.controller.core.Story.TWO;
import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.controller.core.AgentOrder;
import dev.salvor.controller.core.Arm;
import dev.salvor.controller.core.Cargo;
import dev.salvor.controller.core.Decision;
import dev.salvor.controller.core.Effect;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.core.Outcome;
import dev.salvor.controller.core.Policy;
import dev.salvor.controller.core.Sight;
import dev.salvor.controller.core.Story;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// A box that the run has left comes back.
class FencingRulesTest {
  private final FencedRule told = new FencedRule();
  private final FenceRule stopped = new FenceRule();
  private final AsideRule aside = new AsideRule();

  @Test
  void a_box_that_comes_back_is_told_once_a_boot_that_it_is_fenced() {
    Story story = back();
    Effect.Tell tell = (Effect.Tell) effect(decide(told, story));
    assertThat(tell.rental()).isEqualTo(ONE);
    assertThat(tell.boot()).isEqualTo(2);
    assertThat(((AgentOrder.Fence) tell.order()).why()).contains("2.1");

    story.intend(tell).settle(new Outcome.Done()).after(Duration.ofMinutes(1));
    assertThat(decide(told, story)).isEmpty();
    story.joined(ONE, 3);
    assertThat(decide(told, story)).isPresent();
  }

  @Test
  void a_fence_that_did_not_arrive_is_told_again() {
    Story story = back();
    story.intend(effect(decide(told, story))).settle(new Outcome.Failed("not connected", true));
    assertThat(decide(told, story)).isEmpty();
    assertThat(decide(told, story.after(Duration.ofSeconds(5)))).isPresent();
  }

  @Test
  void the_runs_present_box_is_never_fenced() {
    Story story = Story.begin().rented(ONE).trains(ONE, 1);
    assertThat(decide(told, story)).isEmpty();
  }

  @Test
  void it_has_a_moment_to_speak_and_a_little_more_to_send() {
    Story story = back();
    assertThat(decide(stopped, story.after(Duration.ofSeconds(25)))).isEmpty();
    story.seen(ONE, Story.checkpoint(ONE, 2, 1, 900));
    story.intend(new Effect.CopyOut(ONE, Story.checkpoint(ONE, 2, 1, 900)));
    assertThat(decide(stopped, story.after(Duration.ofSeconds(60)))).isEmpty();

    assertThat(effect(decide(stopped, story.after(Duration.ofSeconds(20)))))
        .isEqualTo(new Effect.Stop(ONE, Story.instance(ONE)));
  }

  @Test
  void a_box_with_nothing_to_send_is_stopped_at_once() {
    Story story = Story.begin().rented(ONE);
    story.fact(new Fact.ArmChosen(story.now(), ONE, Arm.RELAUNCH)).fenced(ONE).rented(TWO);
    story.saw(ONE, Sight.Status.RUNNING, Sight.Wanted.RUNNING).joined(ONE, 1);

    assertThat(effect(decide(stopped, story))).isInstanceOf(Effect.Stop.class);
  }

  @Test
  void what_it_trained_on_beyond_the_frontier_is_kept_aside_and_offered_once() {
    Story story = back();
    Cargo.Frontier before = story.state().cargo().frontier();
    story.safe(ONE, Story.checkpoint(ONE, 2, 1, 900));

    assertThat(story.state().cargo().frontier()).isEqualTo(before);
    Decision offer = decide(aside, story).orElseThrow();
    Fact.Announced notice = (Fact.Announced) offer.facts().getFirst();
    assertThat(notice.what()).contains("Rental 1.1 had trained to step 900");
    assertThat(notice.next()).contains("kept aside in");
    assertThat(decide(aside, story.fact(notice))).isEmpty();
  }

  @Test
  void what_it_had_before_is_not_offered() {
    assertThat(decide(aside, back())).isEmpty();
  }

  /// Rental 1.1 trained to step 100, was left, and runs again beside 2.1.
  private static Story back() {
    Story story = Story.begin().rented(ONE).trains(ONE, 1);
    story.safe(ONE, Story.checkpoint(ONE, 1, 1, 100));
    story.fact(new Fact.ArmChosen(story.now(), ONE, Arm.RELAUNCH)).fenced(ONE);
    story.rented(TWO).trains(TWO, 1).after(Duration.ofMinutes(5));
    story.saw(ONE, Sight.Status.RUNNING, Sight.Wanted.RUNNING);
    return story.joined(ONE, 2);
  }

  private static Effect effect(Optional<Decision> decision) {
    return decision.orElseThrow().effects().getFirst().effect();
  }

  private static Optional<Decision> decide(Rule rule, Story story) {
    return rule.decide(story.state(), Policy.DEFAULT, story.now());
  }
}
