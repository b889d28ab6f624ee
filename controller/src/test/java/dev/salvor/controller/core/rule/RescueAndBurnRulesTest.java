package dev.salvor.controller.core.rule;

import static dev.salvor.controller.core.Story.ONE;
import static dev.salvor.controller.core.Story.TWO;
import static dev.salvor.controller.core.Story.checkpoint;
import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.controller.core.AgentOrder;
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

/// When a paused disk is fetched, and when a meter that runs for nothing is told of.
class RescueAndBurnRulesTest {
  @Test
  void a_paused_disk_is_fetched_once_and_once_more_when_it_is_stopped_for_good() {
    Story story = Story.begin().rented(ONE).trains(ONE, 1).outbid(ONE);
    story.seen(ONE, checkpoint(ONE, 1, 1, 10));
    Decision first = rescue(story).orElseThrow();
    assertThat(first.why()).isEqualTo("its disk may hold more than was copied out");
    assertThat(first.evidence())
        .containsExactly(
            "verdict lost, OUTBID: outbid",
            "frontier none yet",
            "1 complete units without a receipt");
    assertThat(rescue(story.rescued(ONE, true))).isEmpty();
    assertThat(rescue(story.fenced(ONE)).orElseThrow().why()).startsWith("it is stopped for good");
    assertThat(rescue(story.rescued(ONE, true))).isEmpty();
  }

  @Test
  void a_rescue_that_failed_waits_its_time_and_is_made_again() {
    Story story = Story.begin().rented(ONE).trains(ONE, 1).outbid(ONE);
    story.intend(new Effect.Rescue(ONE, Story.instance(ONE)));
    assertThat(rescue(story)).as("under way").isEmpty();
    story.settle(new Outcome.Failed("cut", true));
    assertThat(rescue(story.after(Duration.ofMillis(1_999)))).isEmpty();
    assertThat(rescue(story.after(Duration.ofMillis(1)))).isPresent();
    Story tired = Story.begin().rented(ONE).trains(ONE, 1).outbid(ONE);
    tired.intend(new Effect.Rescue(ONE, Story.instance(ONE)));
    tired.settle(new Outcome.Failed("no rsync", false));
    assertThat(rescue(tired.after(Duration.ofMinutes(10).minusMillis(1)))).isEmpty();
    assertThat(rescue(tired.after(Duration.ofMillis(1)))).isPresent();
  }

  @Test
  void nothing_is_fetched_of_a_box_that_never_had_an_order_is_not_paused_is_gone_or_halted() {
    assertThat(rescue(Story.begin().rented(ONE).joined(ONE, 1).outbid(ONE))).isEmpty();
    assertThat(rescue(Story.begin().rented(ONE).trains(ONE, 1))).isEmpty();
    Story away = Story.begin().rented(ONE).trains(ONE, 1);
    away.verdict(ONE, new Verdict.Lost(Verdict.Cause.HOST_OFFLINE, "away"));
    assertThat(rescue(away)).isEmpty();
    Story gone = Story.begin().rented(ONE).trains(ONE, 1).outbid(ONE);
    assertThat(rescue(gone.saw(ONE, Sight.Status.GONE, Sight.Wanted.STOPPED))).isEmpty();
    Story halted = Story.begin().rented(ONE).trains(ONE, 1).outbid(ONE);
    assertThat(rescue(halted.fact(new Fact.HaltAsked(halted.now(), "me")))).isEmpty();
    Story ordered = Story.begin().rented(ONE).joined(ONE, 1);
    ordered.intend(new Effect.Tell(ONE, 1, new AgentOrder.Proceed())).outbid(ONE);
    assertThat(rescue(ordered)).as("an order may have arrived").isPresent();
  }

  @Test
  void a_pause_of_over_a_minute_is_told_of_once_for_each_state() {
    for (Sight.Status paused : List.of(Sight.Status.STOPPED, Sight.Status.OFFLINE)) {
      Story story = Story.begin().rented(ONE).trains(ONE, 1);
      story.saw(ONE, paused, Sight.Wanted.RUNNING);
      assertThat(burn(story.after(Duration.ofSeconds(60)))).isEmpty();
      Decision told = burn(story.after(Duration.ofSeconds(1))).orElseThrow();
      Fact.Announced said = MoneyRulesTest.announced(told);
      assertThat(said.key()).startsWith("burn-1.1-" + paused + "-");
      assertThat(said.what())
          .isEqualTo(
              "Instance %d is %s and bills $0.0100/h ($0.2400 a day)"
                  .formatted(Story.instance(ONE).value(), paused));
      assertThat(burn(story.fact(said))).isEmpty();
    }
  }

  @Test
  void a_pause_after_one_that_was_acknowledged_is_told_of_again() {
    Story story = Story.begin().rented(ONE).trains(ONE, 1);
    for (int pause = 1; pause <= 3; pause++) {
      story.saw(ONE, Sight.Status.STOPPED, Sight.Wanted.RUNNING).after(Duration.ofSeconds(61));
      Decision told = burn(story).orElseThrow();
      story.fact(MoneyRulesTest.announced(told));
      story.fact(new Fact.NoticeAcknowledged(story.now(), pause));
      assertThat(burn(story.after(Duration.ofHours(1)))).isEmpty();
      story.saw(ONE, Sight.Status.RUNNING, Sight.Wanted.RUNNING).after(Duration.ofHours(1));
    }
  }

  @Test
  void a_box_that_was_left_is_ended_by_its_own_number() {
    Story story = Story.begin().rented(ONE).trains(ONE, 1).outbid(ONE).rented(TWO);
    Decision told = burn(story.after(Duration.ofSeconds(61))).orElseThrow();
    assertThat(MoneyRulesTest.announced(told).next())
        .contains("'salvor destroy " + Story.instance(ONE) + "'");
  }

  @Test
  void a_box_that_runs_is_told_of_when_its_run_is_over_and_a_pause_then_at_once() {
    Story story = Story.begin().rented(ONE).trains(ONE, 1).after(Duration.ofHours(1));
    assertThat(burn(story)).isEmpty();
    story.fact(new Fact.RunEnded(story.now(), Fact.Ending.PARKED, "parked"));
    assertThat(burn(story)).isPresent();
    story.saw(ONE, Sight.Status.STOPPED, Sight.Wanted.STOPPED);
    assertThat(MoneyRulesTest.announced(burn(story).orElseThrow()).key())
        .startsWith("burn-1.1-STOPPED-");
    Story loading = Story.begin().rented(ONE).saw(ONE, Sight.Status.LOADING, Sight.Wanted.RUNNING);
    loading.fact(new Fact.RunEnded(loading.now(), Fact.Ending.PARKED, "parked"));
    assertThat(burn(loading.after(Duration.ofHours(1)))).isEmpty();
  }

  @Test
  void a_halted_box_is_told_of_as_soon_as_it_stands_still() {
    Story story = Story.begin().rented(ONE).trains(ONE, 1);
    story.fact(new Fact.HaltAsked(story.now(), "me")).after(Duration.ofSeconds(10));
    assertThat(burn(story)).isEmpty();
    assertThat(burn(story.saw(ONE, Sight.Status.STOPPED, Sight.Wanted.STOPPED))).isPresent();
  }

  @Test
  void a_box_that_is_kept_after_its_job_is_told_of_once_it_is_quiet() {
    Story story = Story.of(After.KEEP, true).rented(ONE).trains(ONE, 1).ended(ONE, 1, 0, "done");
    assertThat(burn(story)).isEmpty();
    assertThat(burn(story.quiesced(ONE, 1, 0))).isPresent();
    Story destroyed = Story.begin().rented(ONE).trains(ONE, 1).ended(ONE, 1, 0, "done");
    assertThat(burn(destroyed.quiesced(ONE, 1, 0))).isEmpty();
    Story runs = Story.of(After.KEEP, true).rented(ONE).trains(ONE, 1);
    assertThat(burn(runs)).isEmpty();
  }

  private static Optional<Decision> rescue(Story story) {
    return new RescueRule().decide(story.state(), Policy.DEFAULT, story.now());
  }

  private static Optional<Decision> burn(Story story) {
    return new BurnRule().decide(story.state(), Policy.DEFAULT, story.now());
  }
}
