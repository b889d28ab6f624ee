package dev.salvor.controller.core.rule;

import static dev.salvor.controller.core.Story.ONE;
import static dev.salvor.controller.core.Story.TWO;
import static dev.salvor.controller.core.Story.checkpoint;
import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.controller.core.AgentOrder;
import dev.salvor.controller.core.Arm;
import dev.salvor.controller.core.Decision;
import dev.salvor.controller.core.Effect;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.core.Outcome;
import dev.salvor.controller.core.Policy;
import dev.salvor.controller.core.RunSpec.After;
import dev.salvor.controller.core.Sight;
import dev.salvor.controller.core.Story;
import dev.salvor.controller.core.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Which boxes are stopped and which are let go of, at the edges: each mistake here costs money or
/// cargo.
class FenceAndDestroyEdgesTest {
  private static final Policy P = Policy.DEFAULT;
  private static final Duration HOUR = Duration.ofHours(1);

  @Test
  void a_box_that_the_run_left_is_stopped_and_one_that_it_is_at_is_not() {
    Story story = Story.begin().rented(ONE).trains(ONE, 1).after(HOUR);
    assertThat(fence(story)).isEmpty();
    story.fact(new Fact.ArmChosen(story.now(), ONE, Arm.RELAUNCH)).after(HOUR);
    assertThat(fence(story).orElseThrow().why()).isEqualTo("the run goes on elsewhere");
    story.intend(new Effect.Stop(ONE, Story.instance(ONE)));
    assertThat(fence(story)).as("it is being stopped").isEmpty();
    story.settle(new Outcome.Done()).after(HOUR);
    assertThat(fence(story)).as("the provider does not say so yet").isPresent();
    assertThat(fence(story.saw(ONE, Sight.Status.STOPPED, Sight.Wanted.STOPPED))).isEmpty();
  }

  @Test
  void a_box_that_was_outbid_when_its_run_ends_is_stopped_for_good() {
    Story story = Story.begin().rented(ONE).trains(ONE, 1).outbid(ONE).after(HOUR);
    assertThat(fence(story)).isEmpty();
    story.fact(new Fact.WindDownAsked(story.now(), "me"));
    assertThat(fence(story).orElseThrow().why())
        .isEqualTo("the job is over and it must not run on");
  }

  @Test
  void a_box_that_is_to_be_stopped_is_stopped_when_it_is_quiet_and_all_is_home() {
    Story story = Story.of(After.STOP, true).rented(ONE).trains(ONE, 1);
    story.seen(ONE, checkpoint(ONE, 1, 1, 10)).ended(ONE, 1, 0, "done").after(HOUR);
    assertThat(fence(story)).as("it may say more").isEmpty();
    assertThat(fence(story.quiesced(ONE, 1, 1))).as("not all is home").isEmpty();
    assertThat(fence(story.landed(ONE, checkpoint(ONE, 1, 1, 10)))).isPresent();
    Story destroyed = Story.begin().rented(ONE).trains(ONE, 1).ended(ONE, 1, 0, "done");
    assertThat(fence(destroyed.quiesced(ONE, 1, 0).after(HOUR))).as("it is erased").isEmpty();
  }

  @Test
  void a_host_that_is_away_is_told_once_and_one_not_seen_yet_is_not() {
    Story away = Story.begin().rented(ONE).trains(ONE, 1);
    away.saw(ONE, Sight.Status.OFFLINE, Sight.Wanted.RUNNING);
    away.fact(new Fact.ArmChosen(away.now(), ONE, Arm.RELAUNCH)).after(HOUR);
    assertThat(FenceRule.unreachable(away.rental(ONE))).isFalse();
    assertThat(fence(away)).isPresent();
    away.intend(new Effect.Stop(ONE, Story.instance(ONE))).settle(new Outcome.Done()).after(HOUR);
    assertThat(FenceRule.unreachable(away.rental(ONE))).isTrue();
    assertThat(fence(away)).isEmpty();
    away.saw(ONE, Sight.Status.RUNNING, Sight.Wanted.RUNNING).after(HOUR);
    assertThat(fence(away)).as("it is back").isPresent();
    Story unseen = Story.begin().asked(ONE).settle(new Outcome.Created(Story.instance(ONE)));
    unseen.fact(new Fact.ArmChosen(unseen.now(), ONE, Arm.RELAUNCH)).after(HOUR);
    assertThat(fence(unseen)).isEmpty();
  }

  @Test
  void a_box_that_runs_mute_is_stopped_a_minute_after_the_run_was_to_end() {
    for (Verdict mute : List.of(new Verdict.Suspect("mute"), new Verdict.Coming())) {
      Story story = Story.begin().rented(ONE).trains(ONE, 1).verdict(ONE, mute);
      story.fact(new Fact.WindDownAsked(story.now(), "me")).after(P.patience().raise());
      assertThat(fence(story)).isEmpty();
      assertThat(fence(story.after(Duration.ofMillis(1)))).isPresent();
    }
    Story speaks = Story.begin().rented(ONE).trains(ONE, 1);
    speaks.fact(new Fact.WindDownAsked(speaks.now(), "me")).after(HOUR);
    assertThat(fence(speaks)).isEmpty();
  }

  @Test
  void a_box_that_is_left_has_half_a_minute_and_longer_while_it_sends() {
    Story story = Story.begin().rented(ONE).trains(ONE, 1).seen(ONE, checkpoint(ONE, 1, 1, 10));
    story.intend(new Effect.CopyOut(TWO, checkpoint(ONE, 1, 1, 10)));
    story.fact(new Fact.ArmChosen(story.now(), ONE, Arm.RELAUNCH));
    story.after(Duration.ofSeconds(30));
    assertThat(fence(story)).as("another box sends").isPresent();
    story.intend(new Effect.CopyOut(ONE, checkpoint(ONE, 1, 1, 10)));
    assertThat(fence(story)).isEmpty();
    assertThat(fence(story.after(Duration.ofSeconds(70)))).isPresent();
  }

  @Test
  void what_is_abandoned_goes_even_from_a_halted_run_and_nothing_else_does() {
    Story story = Story.begin().rented(ONE).trains(ONE, 1).seen(ONE, checkpoint(ONE, 1, 1, 10));
    story.fact(new Fact.HaltAsked(story.now(), "me")).after(HOUR);
    assertThat(destroy(story)).isEmpty();
    story.fact(new Fact.Abandoned(story.now(), ONE, "lose 1 checkpoint"));
    Decision decision = destroy(story).orElseThrow();
    assertThat(decision.effects()).hasSize(1);
    assertThat(decision.why()).isEqualTo("the user typed what would be lost");
  }

  @Test
  void an_erasure_rests_on_what_was_seen_there() {
    Story story = Story.begin().rented(ONE).trains(ONE, 1).safe(ONE, checkpoint(ONE, 1, 1, 10));
    story.ended(ONE, 1, 0, "done").quiesced(ONE, 1, 1).after(HOUR);
    assertThat(destroy(story).orElseThrow().evidence())
        .containsExactly(
            "frontier at step 10 (%s)".formatted(checkpoint(ONE, 1, 1, 10).id()),
            "1 units seen, none of them unsafe",
            "the job has ended, and the box is quiet",
            "verdict alive");
  }

  @Test
  void a_yes_is_asked_for_at_once_and_anew_when_it_lapsed() {
    Story story = Story.of(After.DESTROY, false).rented(ONE).trains(ONE, 1);
    story.ended(ONE, 1, 0, "done").quiesced(ONE, 1, 0).after(Duration.ofSeconds(20));
    Fact.Announced first = MoneyRulesTest.announced(destroy(story).orElseThrow());
    assertThat(first.key()).isEqualTo("approve-1.1");
    assertThat(first.next()).isEqualTo("Say yes with 'salvor approve tale'.");
    assertThat(destroy(story.fact(first))).isEmpty();
    story.fact(new Fact.Approved(story.now(), "me", story.now().plusSeconds(60)));
    assertThat(destroy(story).orElseThrow().effects()).hasSize(1);
    story.after(HOUR);
    Fact.Announced again = MoneyRulesTest.announced(destroy(story).orElseThrow());
    assertThat(again.key()).startsWith("approve-1.1-17");
  }

  @Test
  void while_a_copy_is_under_way_nobody_is_alarmed_and_a_minute_after_the_last_news_somebody_is() {
    Story story = Story.begin().rented(ONE).trains(ONE, 1).ended(ONE, 1, 0, "done");
    story.seen(ONE, checkpoint(ONE, 1, 1, 10)).quiesced(ONE, 1, 1).after(HOUR);
    story.intend(new Effect.CopyOut(ONE, checkpoint(ONE, 1, 1, 10)));
    assertThat(destroy(story)).as("it is copied").isEmpty();
    story.settle(new Outcome.Failed("cut", true));
    Fact.Announced told = MoneyRulesTest.announced(destroy(story).orElseThrow());
    assertThat(told.key()).isEqualTo("destroy-blocked-1.1");
    assertThat(told.what()).contains("is complete and has no receipt");

    Story moved = Story.begin().rented(ONE).trains(ONE, 1).ended(ONE, 1, 0, "done").after(HOUR);
    moved.safe(ONE, checkpoint(ONE, 1, 1, 10)).after(P.patience().raise().minusMillis(1));
    assertThat(destroy(moved)).as("a receipt just came").isEmpty();
    assertThat(destroy(moved.after(Duration.ofMillis(1)))).isPresent();
  }

  @Test
  void a_box_that_is_told_something_may_be_erased_and_one_that_is_being_stopped_may_not() {
    Story story = Story.begin().rented(ONE).trains(ONE, 1).ended(ONE, 1, 0, "done");
    story.quiesced(ONE, 1, 0).after(HOUR);
    story.intend(new Effect.Tell(ONE, 1, new AgentOrder.Fence("newer")));
    assertThat(destroy(story)).isPresent();
    story.intend(new Effect.Stop(ONE, Story.instance(ONE)));
    assertThat(destroy(story)).isEmpty();
  }

  private static Optional<Decision> fence(Story story) {
    return new FenceRule().decide(story.state(), P, story.now());
  }

  private static Optional<Decision> destroy(Story story) {
    return new DestroyRule().decide(story.state(), P, story.now());
  }
}
