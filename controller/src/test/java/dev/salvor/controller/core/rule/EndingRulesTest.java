package dev.salvor.controller.core.rule;

import static dev.salvor.controller.core.Story.ONE;
import static dev.salvor.controller.core.Story.checkpoint;
import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.controller.core.Arm;
import dev.salvor.controller.core.Effect;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.core.Outcome;
import dev.salvor.controller.core.Policy;
import dev.salvor.controller.core.RunSpec;
import dev.salvor.controller.core.Sight;
import dev.salvor.controller.core.Story;
import dev.salvor.controller.core.Verdict;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class EndingRulesTest {
  @Test
  void a_box_that_runs_and_says_nothing_is_stopped_once_the_run_is_to_end() {
    Story story = Story.begin().rented(ONE).trains(ONE, 1);
    story.saw(ONE, Sight.Status.RUNNING, Sight.Wanted.RUNNING);
    story.verdict(ONE, new Verdict.Suspect("silent")).after(Duration.ofMinutes(2));
    assertThat(new FenceRule().decide(story.state(), Policy.DEFAULT, story.now())).isEmpty();
    story.fact(new Fact.WindDownAsked(story.now(), "the user"));
    assertThat(new FenceRule().decide(story.state(), Policy.DEFAULT, story.now()))
        .get()
        .extracting(d -> d.effects().getFirst().effect())
        .isInstanceOf(Effect.Stop.class);
  }

  @Test
  void on_unknown_it_is_left_alone() {
    Story story = Story.begin().rented(ONE).trains(ONE, 1);
    story.saw(ONE, Sight.Status.RUNNING, Sight.Wanted.RUNNING);
    story.verdict(ONE, new Verdict.Unknown("no answer")).after(Duration.ofMinutes(2));
    story.fact(new Fact.WindDownAsked(story.now(), "the user"));
    assertThat(new FenceRule().decide(story.state(), Policy.DEFAULT, story.now())).isEmpty();
  }

  @Test
  void near_the_budget_everything_comes_home_and_past_it_everything_stops() {
    Story story = Story.begin().rented(ONE).trains(ONE, 1);
    story.saw(ONE, Sight.Status.RUNNING, Sight.Wanted.RUNNING).after(Duration.ofDays(365));
    BudgetRule rule = new BudgetRule();
    var home = rule.decide(story.state(), Policy.DEFAULT, story.now()).orElseThrow();
    assertThat(home.facts()).hasAtLeastOneElementOfType(Fact.WindDownAsked.class);
    home.facts().forEach(story::fact);
    var stop = rule.decide(story.state(), Policy.DEFAULT, story.now()).orElseThrow();
    assertThat(stop.facts()).hasAtLeastOneElementOfType(Fact.HaltAsked.class);
    stop.facts().forEach(story::fact);
    assertThat(rule.decide(story.state(), Policy.DEFAULT, story.now())).isEmpty();
  }

  @Test
  void at_its_deadline_a_run_comes_home_once_and_not_before() {
    Story story = Story.due(Story.BEGIN.plus(Duration.ofHours(3))).rented(ONE).trains(ONE, 1);
    DeadlineRule rule = new DeadlineRule();
    assertThat(rule.decide(story.state(), Policy.DEFAULT, story.now())).isEmpty();
    story.after(Duration.ofHours(3));
    var home = rule.decide(story.state(), Policy.DEFAULT, story.now()).orElseThrow();
    assertThat(home.facts())
        .hasAtLeastOneElementOfType(Fact.WindDownAsked.class)
        .hasAtLeastOneElementOfType(Fact.Announced.class);
    home.facts().forEach(story::fact);
    assertThat(rule.decide(story.state(), Policy.DEFAULT, story.now())).isEmpty();
  }

  @Test
  void a_job_that_is_done_before_has_nothing_to_fear_from_its_deadline() {
    Story story = Story.due(Story.BEGIN.plus(Duration.ofHours(3))).rented(ONE).trains(ONE, 1);
    story.ended(ONE, 1, 0, "done").after(Duration.ofHours(4));
    assertThat(new DeadlineRule().decide(story.state(), Policy.DEFAULT, story.now())).isEmpty();
  }

  @Test
  void a_volume_that_goes_on_billing_is_told_at_the_end() {
    RunSpec usual = Story.spec(new RunSpec.Finish(RunSpec.After.DESTROY, true));
    RunSpec.Box b = usual.box();
    RunSpec with =
        usual.with(
            new RunSpec.Box(
                b.runtype(),
                b.entrypoint(),
                b.env(),
                b.ports(),
                b.packages(),
                b.sync(),
                b.proxy(),
                new RunSpec.Volume(12, "/data")));
    Story story = Story.of(with).rented(ONE).trains(ONE, 1).ended(ONE, 1, 0, "done");
    story.quiesced(ONE, 1, 0).saw(ONE, Sight.Status.GONE, Sight.Wanted.STOPPED);
    var end = new EndRule().decide(story.state(), Policy.DEFAULT, story.now()).orElseThrow();
    assertThat(MoneyRulesTest.announced(end).what()).contains("V.12", "goes on billing");
  }

  @Test
  void a_run_whose_box_vanished_with_its_last_checkpoint_is_not_done() {
    Story story =
        Story.begin()
            .rented(ONE)
            .trains(ONE, 1)
            .seen(ONE, checkpoint(ONE, 1, 1, 500))
            .ended(ONE, 1, 0, "done")
            .quiesced(ONE, 1, 1)
            .saw(ONE, Sight.Status.GONE, Sight.Wanted.STOPPED);
    var end = new EndRule().decide(story.state(), Policy.DEFAULT, story.now()).orElseThrow();
    assertThat(end.facts())
        .anyMatch(f -> f instanceof Fact.RunEnded e && e.ending() == Fact.Ending.PARKED)
        .hasAtLeastOneElementOfType(Fact.Announced.class);
  }

  @Test
  void a_paused_box_that_nobody_could_look_at_is_kept_and_the_run_says_so() {
    Story story = Story.begin().rented(ONE).trains(ONE, 1).outbid(ONE);
    story.intend(new Effect.Rescue(ONE, Story.instance(ONE)));
    story.settle(new Outcome.Failed("no rsync on this machine", false));
    story.fact(new Fact.ArmChosen(story.now(), ONE, Arm.RELAUNCH)).fenced(ONE);
    story.fact(new Fact.WindDownAsked(story.now(), "the user"));
    var end = new EndRule().decide(story.state(), Policy.DEFAULT, story.now()).orElseThrow();
    assertThat(end.facts())
        .anyMatch(f -> f instanceof Fact.RunEnded e && e.ending() == Fact.Ending.PARKED);
    end.facts().forEach(story::fact);
    var told = new BurnRule().decide(story.state(), Policy.DEFAULT, story.now()).orElseThrow();
    assertThat(told.facts()).hasAtLeastOneElementOfType(Fact.Announced.class);
  }
}
