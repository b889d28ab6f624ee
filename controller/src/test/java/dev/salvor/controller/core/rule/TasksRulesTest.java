package dev.salvor.controller.core.rule;

import static dev.salvor.controller.core.Story.ONE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.common.unit.TaskDigests;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.core.Policy;
import dev.salvor.controller.core.RunSpec;
import dev.salvor.controller.core.Sight;
import dev.salvor.controller.core.Story;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// How a list of tasks ends, and what becomes of its box then.
class TasksRulesTest {
  private static final List<String> TASKS = List.of("a", "b", "c", "b");

  @Test
  void a_task_that_failed_fails_the_run_and_is_named_by_its_number() {
    Story story = over(new RunSpec.Finish(RunSpec.After.DESTROY, true), 0, 0, 0, 9);
    assertThat(story.state().failedTasks()).containsExactly(4);
    story.saw(ONE, Sight.Status.GONE, Sight.Wanted.STOPPED);
    Fact.RunEnded end = ended(story);
    assertThat(end.ending()).isEqualTo(Fact.Ending.FAILED);
    assertThat(end.why()).isEqualTo("task 4 of 4 failed");
  }

  @Test
  void where_the_user_said_so_the_box_of_a_failed_run_is_kept() {
    RunSpec.Finish finish = new RunSpec.Finish(RunSpec.After.DESTROY, true).keepingFailed(true);
    Story failed = over(finish, 0, 1, 2, 0);
    assertThat(destroys(failed)).isFalse();
    assertThat(ended(failed).why()).isEqualTo("tasks 2, 3 of 4 failed");
    assertThat(destroys(over(finish, 0, 0, 0, 0))).isTrue();
  }

  @Test
  void who_ends_a_run_without_a_yes_to_destroying_has_its_box_stopped() {
    Story story = over(new RunSpec.Finish(RunSpec.After.KEEP, false), 0, 0, 0, 0);
    assertThat(stops(story)).isFalse();
    story.fact(new Fact.WindDownAsked(story.now(), "Ctrl-C"));
    assertThat(stops(story)).isTrue();
    story.saw(ONE, Sight.Status.STOPPED, Sight.Wanted.STOPPED);
    assertThat(new EndRule().decide(story.state(), Policy.DEFAULT, story.now())).isPresent();
  }

  private static Story over(RunSpec.Finish finish, int... exits) {
    RunSpec spec = Story.spec(finish);
    RunSpec.Care care = RunSpec.Care.list(TASKS, List.of());
    RunSpec.Job job = spec.job();
    RunSpec tasks =
        spec.with(
            new RunSpec.Job(
                job.command(), job.workdir(), job.env(), List.of(), job.resultRoots(), care));
    Story story = Story.of(tasks).rented(ONE).trains(ONE, 1);
    List<String> digests = List.copyOf(TaskDigests.of(TASKS).keySet());
    boolean well = true;
    for (int i = 0; i < exits.length; i++) {
      String digest = digests.get(i);
      story.fact(new Fact.TaskDone(story.now(), ONE, 1, digest, TASKS.get(i), exits[i]));
      well &= exits[i] == 0;
    }
    story.ended(ONE, 1, well ? 0 : 1, well ? "done" : "user-error");
    // An order that was delivered rests a moment.
    story.after(Duration.ofMinutes(1));
    return story.fact(new Fact.Quiesced(story.now(), ONE, 1, 0, true));
  }

  private static Fact.RunEnded ended(Story story) {
    return (Fact.RunEnded)
        new EndRule()
            .decide(story.state(), Policy.DEFAULT, story.now())
            .orElseThrow()
            .facts()
            .getLast();
  }

  private static boolean destroys(Story story) {
    return new DestroyRule().decide(story.state(), Policy.DEFAULT, story.now()).isPresent();
  }

  private static boolean stops(Story story) {
    return new FenceRule().decide(story.state(), Policy.DEFAULT, story.now()).isPresent();
  }
}
