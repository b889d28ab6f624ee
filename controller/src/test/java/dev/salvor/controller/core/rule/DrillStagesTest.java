package dev.salvor.controller.core.rule;

import static dev.salvor.controller.core.Story.ONE;
import static dev.salvor.controller.core.Story.TWO;
import static dev.salvor.controller.core.Story.checkpoint;
import static dev.salvor.controller.core.Story.results;
import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.checkpoint.UnitId;
import dev.salvor.controller.core.Arm;
import dev.salvor.controller.core.Decision;
import dev.salvor.controller.core.Drill;
import dev.salvor.controller.core.Effect;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.core.Outcome;
import dev.salvor.controller.core.Policy;
import dev.salvor.controller.core.Sight;
import dev.salvor.controller.core.Story;
import dev.salvor.controller.core.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Each stage of a drill has its condition and its time; a drill never costs more than it said.
class DrillStagesTest {
  @Test
  void a_job_that_listens_saves_anew_before_its_box_is_stopped() {
    Story story = Story.of(MoneyRulesTest.listening()).rented(ONE).trains(ONE, 1);
    story.safe(ONE, checkpoint(ONE, 1, 1, 10));
    asked(story);
    assertThat(decide(story)).as("an old checkpoint").isEmpty();
    story.safe(ONE, results(ONE, 1, 2));
    assertThat(decide(story)).as("results").isEmpty();
    story.seen(ONE, checkpoint(ONE, 1, 3, 20));
    assertThat(decide(story)).as("not home").isEmpty();
    story.landed(ONE, checkpoint(ONE, 1, 3, 20));
    assertThat(stops(story)).isTrue();

    Story deaf = Story.begin().rented(ONE).trains(ONE, 1).safe(ONE, checkpoint(ONE, 1, 1, 10));
    assertThat(stops(asked(deaf))).as("what is home will do").isTrue();
  }

  @Test
  void a_box_that_is_silent_busy_or_trains_nothing_is_not_stopped() {
    Story silent = ready().verdict(ONE, new Verdict.Suspect("mute"));
    assertThat(decide(silent)).isEmpty();
    Story idle = ready().ended(ONE, 1, 137, "killed");
    assertThat(decide(idle)).isEmpty();
    Story busy = ready().intend(new Effect.Stop(ONE, Story.instance(ONE)));
    assertThat(decide(busy)).isEmpty();
    assertThat(stops(ready())).isTrue();
  }

  @Test
  void it_ends_when_the_run_goes_on_elsewhere_or_ends() {
    Story given = ready().fact(new Fact.ArmChosen(Story.BEGIN, ONE, Arm.RELAUNCH));
    assertThat(over(given)).contains("the run went on without it");
    Story gone = ready().saw(ONE, Sight.Status.GONE, Sight.Wanted.STOPPED);
    assertThat(over(gone)).contains("the run went on without it");
    Story newer = ready().rented(TWO);
    assertThat(over(newer)).contains("the run went on without it");
    Story ending = ready().fact(new Fact.WindDownAsked(Story.BEGIN, "me"));
    assertThat(over(ending)).contains("the run went on without it");
    assertThat(decide(Story.begin().rented(ONE).trains(ONE, 1))).as("nobody asked").isEmpty();
  }

  @Test
  void half_an_hour_is_waited_for_a_checkpoint() {
    Story story = Story.begin().rented(ONE).trains(ONE, 1);
    asked(story).after(Duration.ofMinutes(30).minusSeconds(10));
    assertThat(decide(story)).isEmpty();
    assertThat(over(story.after(Duration.ofMillis(1)))).contains("within 30 min");
  }

  @Test
  void a_box_that_the_provider_does_not_show_stopped_is_left_to_the_other_rules() {
    Story story = in(ready(), Drill.Stage.STOPPING).after(Duration.ofMinutes(10));
    assertThat(decide(story)).isEmpty();
    assertThat(over(story.after(Duration.ofMillis(1)))).contains("did not show it stopped");
  }

  @Test
  void it_is_started_again_when_it_stands_still_and_nobody_is_at_it() {
    Story story = in(ready(), Drill.Stage.STOPPING);
    story.saw(ONE, Sight.Status.STOPPED, Sight.Wanted.STOPPED);
    story.intend(new Effect.Rescue(ONE, Story.instance(ONE)));
    assertThat(decide(story)).as("it is fetched").isEmpty();
    story.settle(new Outcome.Failed("cut", true));
    assertThat(decide(story).orElseThrow().effects().getFirst().effect())
        .isEqualTo(new Effect.Raise(ONE, Story.instance(ONE), story.rental(ONE).price()));
    story.intend(new Effect.Stop(ONE, Story.instance(ONE))).settle(new Outcome.Done());
    assertThat(decide(story)).as("a stop takes its time").isEmpty();
  }

  @Test
  void a_job_of_the_boot_before_is_no_return_and_fifteen_minutes_are_waited_for_one() {
    Story story = in(ready(), Drill.Stage.STARTING).after(P.patience().loading());
    assertThat(decide(story)).as("boot 1 runs, as before").isEmpty();
    assertThat(over(story.after(Duration.ofMillis(1)))).contains("did not come back within 15 min");
  }

  @Test
  void only_what_the_job_saves_next_shows_where_it_went_on_from() {
    for (long step : new long[] {9, 10, 11}) {
      Story back = in(ready(), Drill.Stage.STARTING).trains(ONE, 2);
      assertThat(decide(back)).as("it runs").isEmpty();
      back.seen(ONE, named(checkpoint(ONE, 1, 1, 10), 2, Story.BEGIN));
      assertThat(decide(back)).as("the old one, seen again").isEmpty();
      back.seen(ONE, named(checkpoint(ONE, 2, 2, step), 2, Story.BEGIN.plusSeconds(60)));
      back.seen(ONE, named(checkpoint(ONE, 2, 3, 99), 2, Story.BEGIN.plusSeconds(90)));
      assertThat(over(back))
          .contains(
              step >= 10 ? "and went on from what it had saved" : "but did not go on from",
              "step 10 before, " + step + " in its first checkpoint after");
    }
  }

  @Test
  void a_job_that_saves_nothing_after_it_proves_nothing() {
    Story back = in(ready(), Drill.Stage.STARTING).trains(ONE, 2).after(Duration.ofMinutes(30));
    assertThat(decide(back)).isEmpty();
    assertThat(over(back.after(Duration.ofMillis(1)))).contains("step 10 is not shown");
  }

  private static Unit named(Unit unit, int boot, Instant written) {
    UnitId id = new UnitId(1, boot, unit.id().captureSeq(), unit.id().manifestDigest());
    return new Unit(
        id, unit.kind(), unit.format(), unit.step(), unit.completeness(), unit.manifest(), written);
  }

  @Test
  void only_the_box_that_stands_still_for_a_drill_is_held() {
    for (Drill.Stage stage : Drill.Stage.values()) {
      Story story = in(ready(), stage);
      boolean still = stage == Drill.Stage.STOPPING || stage == Drill.Stage.STARTING;
      assertThat(DrillRule.holds(story.state(), story.rental(ONE))).isEqualTo(still);
      assertThat(DrillRule.holds(story.state(), story.rented(TWO).rental(TWO))).isFalse();
    }
  }

  private static final Policy P = Policy.DEFAULT;

  /// All is there for it.
  private static Story ready() {
    return asked(Story.begin().rented(ONE).trains(ONE, 1)).safe(ONE, checkpoint(ONE, 1, 1, 10));
  }

  private static Story asked(Story story) {
    return story.fact(new Fact.DrillAsked(story.now(), "me")).after(Duration.ofSeconds(10));
  }

  private static Story in(Story story, Drill.Stage stage) {
    return story.fact(new Fact.DrillMoved(story.now(), ONE, stage));
  }

  private static boolean stops(Story story) {
    return decide(story).orElseThrow().effects().getFirst().effect() instanceof Effect.Stop;
  }

  private static String over(Story story) {
    Decision decision = decide(story).orElseThrow();
    assertThat(decision.facts()).contains(new Fact.DrillMoved(story.now(), ONE, Drill.Stage.OVER));
    return MoneyRulesTest.announced(decision).what();
  }

  private static Optional<Decision> decide(Story story) {
    return new DrillRule().decide(story.state(), P, story.now());
  }
}
