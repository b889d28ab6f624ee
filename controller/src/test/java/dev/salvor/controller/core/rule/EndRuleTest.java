package dev.salvor.controller.core.rule;

import static dev.salvor.controller.core.Story.ONE;
import static dev.salvor.controller.core.Story.TWO;
import static dev.salvor.controller.core.Story.checkpoint;
import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.common.unit.TaskDigests;
import dev.salvor.controller.core.Arm;
import dev.salvor.controller.core.Decision;
import dev.salvor.controller.core.Effect;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.core.Fact.Ending;
import dev.salvor.controller.core.Outcome;
import dev.salvor.controller.core.Permits;
import dev.salvor.controller.core.Policy;
import dev.salvor.controller.core.RunSpec;
import dev.salvor.controller.core.RunSpec.After;
import dev.salvor.controller.core.Sight;
import dev.salvor.controller.core.Story;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// When a run is over, and how it says it ended.
class EndRuleTest {
  @Test
  void a_run_that_goes_on_or_has_something_open_or_is_over_does_not_end() {
    assertThat(end(Story.begin())).isEmpty();
    Story open = gone(done(Story.begin())).intend(new Effect.Search());
    assertThat(end(open)).isEmpty();
    Story over = gone(done(Story.begin()));
    assertThat(ended(over)).isEqualTo(Ending.DONE);
    end(over).orElseThrow().facts().forEach(over::fact);
    assertThat(end(over)).isEmpty();
  }

  @Test
  void a_box_that_is_to_be_destroyed_keeps_its_run_open_until_it_is_gone() {
    Story story = done(Story.begin());
    assertThat(end(story)).isEmpty();
    story.saw(ONE, Sight.Status.STOPPED, Sight.Wanted.STOPPED);
    assertThat(end(story)).isEmpty();
    assertThat(ended(gone(story))).isEqualTo(Ending.DONE);
  }

  @Test
  void a_box_that_is_kept_ends_its_run_while_it_runs_and_one_to_be_stopped_once_it_is() {
    Story kept = done(Story.of(After.KEEP, true));
    assertThat(ended(kept)).isEqualTo(Ending.DONE);
    Story stopped = done(Story.of(After.STOP, true));
    assertThat(end(stopped)).isEmpty();
    stopped.saw(ONE, Sight.Status.STOPPED, Sight.Wanted.STOPPED);
    assertThat(ended(stopped)).isEqualTo(Ending.DONE);
  }

  @Test
  void no_run_ends_over_a_box_that_is_not_quiet_or_holds_more_than_is_home() {
    Story loud = Story.of(After.KEEP, true).rented(ONE).trains(ONE, 1).ended(ONE, 1, 0, "done");
    assertThat(end(loud)).isEmpty();
    Story full = Story.of(After.KEEP, true).rented(ONE).trains(ONE, 1);
    full.seen(ONE, checkpoint(ONE, 1, 1, 100)).ended(ONE, 1, 0, "done").quiesced(ONE, 1, 1);
    assertThat(end(full)).isEmpty();
    assertThat(ended(full.landed(ONE, checkpoint(ONE, 1, 1, 100)))).isEqualTo(Ending.DONE);
  }

  @Test
  void a_run_that_is_ended_without_a_yes_leaves_its_box_stopped() {
    Story story = Story.of(After.DESTROY, false).rented(ONE).trains(ONE, 1);
    story.fact(new Fact.WindDownAsked(story.now(), "the user")).ended(ONE, 1, 143, "stopped");
    assertThat(end(story.quiesced(ONE, 1, 0))).isEmpty();
    story.saw(ONE, Sight.Status.STOPPED, Sight.Wanted.STOPPED);
    assertThat(ended(story)).isEqualTo(Ending.WOUND_DOWN);
    assertThat(why(story)).isEqualTo("ended by the user");
  }

  @Test
  void an_end_that_was_asked_for_destroys_a_box_that_would_have_been_kept() {
    Story story = Story.of(After.KEEP, true).rented(ONE).trains(ONE, 1);
    story.fact(new Fact.WindDownAsked(story.now(), "budget")).ended(ONE, 1, 143, "stopped");
    story.quiesced(ONE, 1, 0).saw(ONE, Sight.Status.STOPPED, Sight.Wanted.STOPPED);
    assertThat(end(story)).isEmpty();
  }

  @Test
  void a_job_that_was_done_before_its_end_was_asked_for_is_done() {
    Story story = done(Story.begin());
    story.fact(new Fact.WindDownAsked(story.now(), "the user"));
    assertThat(ended(gone(story))).isEqualTo(Ending.DONE);
  }

  @Test
  void a_halted_run_is_parked_over_what_bills_on_and_wound_down_over_nothing() {
    Story story = Story.begin().rented(ONE).trains(ONE, 1);
    story.fact(new Fact.HaltAsked(story.now(), "the user"));
    assertThat(end(story)).isEmpty();
    story.saw(ONE, Sight.Status.STOPPED, Sight.Wanted.STOPPED);
    assertThat(ended(story)).isEqualTo(Ending.PARKED);
    assertThat(why(story)).contains("halted by the user", "its disk bills on");
    Story nothing = Story.begin().fact(new Fact.HaltAsked(Story.BEGIN, "a second Ctrl-C"));
    assertThat(ended(nothing)).isEqualTo(Ending.WOUND_DOWN);
    assertThat(why(nothing)).isEqualTo("ended by a second Ctrl-C");
  }

  @Test
  void a_failed_job_says_how_it_ended_and_what_can_be_done() {
    Story story = Story.begin().rented(ONE).trains(ONE, 1).ended(ONE, 1, 1, "gpu-memory");
    assertThat(ended(gone(story.quiesced(ONE, 1, 0)))).isEqualTo(Ending.FAILED);
    assertThat(why(story))
        .startsWith("the job failed: exit status 1 (gpu-memory): it asked for more")
        .contains("than there is. Take a smaller batch");
    Story own = Story.begin().rented(ONE).trains(ONE, 1).ended(ONE, 1, 3, "user-error");
    assertThat(why(gone(own.quiesced(ONE, 1, 0))))
        .isEqualTo("the job failed: exit status 3 (user-error)");
  }

  @Test
  void tasks_that_failed_are_named_by_their_numbers() {
    assertThat(why(tasks(1))).isEqualTo("task 2 of 3 failed");
    assertThat(ended(tasks(1))).isEqualTo(Ending.FAILED);
    assertThat(why(tasks(0, 2))).isEqualTo("tasks 1, 3 of 3 failed");
    assertThat(ended(tasks())).isEqualTo(Ending.DONE);
  }

  private static Story tasks(int... failed) {
    List<String> list = List.of("one", "two", "three");
    RunSpec spec = Story.spec(new RunSpec.Finish(After.DESTROY, true));
    RunSpec.Job job = spec.job();
    Story story =
        Story.of(
            spec.with(
                new RunSpec.Job(
                    job.command(),
                    job.workdir(),
                    job.env(),
                    job.checkpointRoots(),
                    job.resultRoots(),
                    RunSpec.Care.list(list, List.of()))));
    story.rented(ONE).trains(ONE, 1);
    List<String> digests = List.copyOf(TaskDigests.of(list).keySet());
    for (int i = 0; i < list.size(); i++) {
      int at = i;
      int exit = java.util.Arrays.stream(failed).anyMatch(f -> f == at) ? 1 : 0;
      story.fact(new Fact.TaskDone(story.now(), ONE, 1, digests.get(i), list.get(i), exit));
    }
    return gone(story.ended(ONE, 1, 0, "done").quiesced(ONE, 1, 0));
  }

  @Test
  void a_box_that_vanished_unheard_parks_its_run_and_one_that_we_erased_does_not() {
    Story sunk = Story.begin().rented(ONE).trains(ONE, 1).ended(ONE, 1, 0, "done");
    Decision parked = end(gone(sunk)).orElseThrow();
    assertThat(parked.facts())
        .contains(
            new Fact.RunEnded(sunk.now(), Ending.PARKED, parked.why()),
            new Fact.Announced(
                sunk.now(), "sunk", parked.why(), "Run it again to go on from the frontier."));
    assertThat(parked.why()).contains("rental 1.1 vanished", "frontier none yet");

    Story erased = done(Story.begin());
    var permit = (Permits.Ruling.Granted) Permits.rule(erased.state(), ONE, erased.now());
    erased.intend(new Effect.Destroy(permit.terms())).settle(new Outcome.Done());
    assertThat(ended(gone(erased))).isEqualTo(Ending.DONE);
  }

  @Test
  void an_older_box_that_vanished_sinks_its_run_only_with_cargo_that_nobody_has() {
    Story empty = second(Story.begin().rented(ONE).trains(ONE, 1));
    assertThat(ended(empty)).isEqualTo(Ending.DONE);
    Story full =
        second(Story.begin().rented(ONE).trains(ONE, 1).seen(ONE, checkpoint(ONE, 1, 1, 9)));
    assertThat(ended(full)).isEqualTo(Ending.PARKED);
    assertThat(why(full)).contains("rental 1.1");
  }

  private static Story second(Story story) {
    story.fact(new Fact.ArmChosen(story.now(), ONE, Arm.RELAUNCH));
    gone(story).rented(TWO).trains(TWO, 1).ended(TWO, 1, 0, "done").quiesced(TWO, 1, 0);
    return story.saw(TWO, Sight.Status.GONE, Sight.Wanted.STOPPED);
  }

  private static Story done(Story story) {
    return story.rented(ONE).trains(ONE, 1).ended(ONE, 1, 0, "done").quiesced(ONE, 1, 0);
  }

  private static Story gone(Story story) {
    return story.saw(ONE, Sight.Status.GONE, Sight.Wanted.STOPPED);
  }

  private static Optional<Decision> end(Story story) {
    return new EndRule().decide(story.state(), Policy.DEFAULT, story.now());
  }

  private static Ending ended(Story story) {
    return end(story).orElseThrow().facts().stream()
        .filter(Fact.RunEnded.class::isInstance)
        .map(f -> ((Fact.RunEnded) f).ending())
        .findFirst()
        .orElseThrow();
  }

  private static String why(Story story) {
    return end(story).orElseThrow().why();
  }
}
