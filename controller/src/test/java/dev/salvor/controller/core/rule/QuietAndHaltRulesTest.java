package dev.salvor.controller.core.rule;

import static dev.salvor.controller.core.Story.ONE;
import static dev.salvor.controller.core.Story.checkpoint;
import static dev.salvor.controller.core.Story.results;
import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.common.checkpoint.Unit;
import dev.salvor.controller.core.AgentOrder;
import dev.salvor.controller.core.Decision;
import dev.salvor.controller.core.Effect;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.core.Outcome;
import dev.salvor.controller.core.Permits;
import dev.salvor.controller.core.Policy;
import dev.salvor.controller.core.RunSpec;
import dev.salvor.controller.core.Sight;
import dev.salvor.controller.core.Story;
import dev.salvor.controller.core.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// How a run's boxes come to rest: asked to be quiet, stopped at once, or let go with what was
/// given up beforehand.
class QuietAndHaltRulesTest {
  private static final Policy P = Policy.DEFAULT;
  private static final Duration REST = Duration.ofSeconds(10);

  @Test
  void a_run_that_goes_on_is_not_made_quiet() {
    assertThat(quiet(Story.begin().rented(ONE).trains(ONE, 1).after(REST))).isEmpty();
  }

  @Test
  void a_job_that_runs_is_stopped_first_and_then_the_box_is_asked_to_be_quiet_once() {
    Story story = ending(Story.begin().rented(ONE).trains(ONE, 1));
    Decision stop = quiet(story).orElseThrow();
    assertThat(told(stop)).isEqualTo(new AgentOrder.StopJob(P.patience().stop()));
    assertThat(stop.what()).isEqualTo("stop the job");
    story.intend(stop.effects().getFirst().effect());
    assertThat(quiet(story)).as("it is being told").isEmpty();
    story.settle(new Outcome.Done());
    assertThat(quiet(story)).as("it takes its time").isEmpty();
    assertThat(quiet(story.after(REST))).as("it runs on").isPresent();

    story.ended(ONE, 1, 143, "stopped");
    Decision ask = quiet(story).orElseThrow();
    assertThat(told(ask)).isEqualTo(new AgentOrder.Quiesce());
    assertThat(ask.effects().getFirst().effect())
        .isEqualTo(new Effect.Tell(ONE, 1, new AgentOrder.Quiesce()));
    assertThat(quiet(story.quiesced(ONE, 1, 0))).isEmpty();
  }

  @Test
  void a_job_that_is_done_is_followed_by_the_question_too() {
    Story story = Story.begin().rented(ONE).trains(ONE, 1).ended(ONE, 1, 0, "done").after(REST);
    assertThat(told(quiet(story).orElseThrow())).isEqualTo(new AgentOrder.Quiesce());
  }

  @Test
  void a_box_that_does_not_speak_never_spoke_or_is_halted_is_asked_nothing() {
    assertThat(quiet(ending(Story.begin().rented(ONE)))).as("never spoke").isEmpty();
    Story silent = Story.begin().rented(ONE).trains(ONE, 1);
    silent.verdict(ONE, new Verdict.Suspect("silent"));
    assertThat(quiet(ending(silent))).isEmpty();
    Story halted = Story.begin().rented(ONE).trains(ONE, 1);
    halted.fact(new Fact.HaltAsked(halted.now(), "me")).after(REST);
    assertThat(quiet(halted)).isEmpty();
    Story gone = Story.begin().rented(ONE).trains(ONE, 1);
    gone.saw(ONE, Sight.Status.GONE, Sight.Wanted.STOPPED);
    assertThat(quiet(ending(gone))).isEmpty();
  }

  @Test
  void told_to_halt_every_box_is_stopped_once_and_again_if_that_failed() {
    Story story = Story.begin().rented(ONE).trains(ONE, 1).after(REST);
    assertThat(halt(story)).as("nobody said so").isEmpty();
    story.fact(new Fact.HaltAsked(story.now(), "me"));
    Effect stop = new Effect.Stop(ONE, Story.instance(ONE));
    assertThat(halt(story)).map(d -> d.effects().getFirst().effect()).contains(stop);
    story.intend(stop);
    assertThat(halt(story)).as("it is being stopped").isEmpty();
    story.settle(new Outcome.Failed("503", true));
    assertThat(halt(story)).isEmpty();
    assertThat(halt(story.after(REST))).as("again").isPresent();
    story.saw(ONE, Sight.Status.STOPPED, Sight.Wanted.STOPPED);
    assertThat(halt(story)).as("it stands still").isEmpty();
  }

  @Test
  void a_paused_box_that_would_come_back_by_itself_is_stopped_too() {
    Story story = halted(Story.begin().rented(ONE).trains(ONE, 1).outbid(ONE));
    assertThat(halt(story)).isPresent();
  }

  @Test
  void what_cannot_be_stopped_or_is_about_to_go_is_not_stopped() {
    Story unseen = Story.begin().asked(ONE).settle(new Outcome.Created(Story.instance(ONE)));
    assertThat(halt(halted(unseen))).as("not listed yet").isEmpty();
    Story away = Story.begin().rented(ONE).trains(ONE, 1);
    away.saw(ONE, Sight.Status.OFFLINE, Sight.Wanted.RUNNING);
    assertThat(halt(halted(away))).as("the provider is told").isPresent();
    away.intend(new Effect.Stop(ONE, Story.instance(ONE))).settle(new Outcome.Done()).after(REST);
    assertThat(halt(away)).as("it knows").isEmpty();
    Story going = Story.begin().rented(ONE).joined(ONE, 1);
    var permit = (Permits.Ruling.Granted) Permits.rule(going.state(), ONE, going.now());
    going.intend(new Effect.Destroy(permit.terms())).settle(new Outcome.Done());
    assertThat(halt(halted(going.after(Duration.ofHours(1))))).isEmpty();
    Story gone = Story.begin().rented(ONE).saw(ONE, Sight.Status.GONE, Sight.Wanted.STOPPED);
    assertThat(halt(halted(gone))).isEmpty();
  }

  @Test
  void results_that_were_given_up_beforehand_are_written_down_as_given_up_and_checkpoints_never() {
    Unit files = results(ONE, 1, 2);
    Story story = leaving().rented(ONE).trains(ONE, 1).seen(ONE, checkpoint(ONE, 1, 1, 100));
    story.seen(ONE, files);
    assertThat(giveUp(story)).as("the job runs").isEmpty();
    story.ended(ONE, 1, 0, "done");
    Decision decision = giveUp(story).orElseThrow();
    assertThat(decision.facts())
        .containsExactly(
            new Fact.CargoGivenUp(
                story.now(),
                ONE,
                List.of(files.id()),
                "the results on rental 1.1, 1 files, 100 bytes"));
    assertThat(decision.evidence()).containsExactly(files.id() + " in /results, 100 bytes");
    decision.facts().forEach(story::fact);
    assertThat(giveUp(story)).isEmpty();
    assertThat(story.state().cargo().unsafe(ONE)).hasSize(1);
  }

  @Test
  void nobodys_results_are_given_up_unasked_and_none_that_are_home_or_gone() {
    Story usual = Story.begin().rented(ONE).trains(ONE, 1).seen(ONE, results(ONE, 1, 2));
    assertThat(giveUp(usual.ended(ONE, 1, 0, "done"))).isEmpty();
    Story home = leaving().rented(ONE).trains(ONE, 1).safe(ONE, results(ONE, 1, 2));
    assertThat(giveUp(home.ended(ONE, 1, 0, "done"))).isEmpty();
    Story gone = leaving().rented(ONE).trains(ONE, 1).seen(ONE, results(ONE, 1, 2));
    gone.ended(ONE, 1, 0, "done").saw(ONE, Sight.Status.GONE, Sight.Wanted.STOPPED);
    assertThat(giveUp(gone)).isEmpty();
  }

  private static Story leaving() {
    return Story.of(
        Story.spec(new RunSpec.Finish(RunSpec.After.DESTROY, true).leavingResults(true)));
  }

  private static Story ending(Story story) {
    return story.fact(new Fact.WindDownAsked(story.now(), "me")).after(REST);
  }

  private static Story halted(Story story) {
    return story.fact(new Fact.HaltAsked(story.now(), "me")).after(REST);
  }

  private static AgentOrder told(Decision decision) {
    return ((Effect.Tell) decision.effects().getFirst().effect()).order();
  }

  private static Optional<Decision> quiet(Story story) {
    return new QuietRule().decide(story.state(), P, story.now());
  }

  private static Optional<Decision> halt(Story story) {
    return new HaltRule().decide(story.state(), P, story.now());
  }

  private static Optional<Decision> giveUp(Story story) {
    return new GiveUpRule().decide(story.state(), P, story.now());
  }
}
