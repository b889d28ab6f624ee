package dev.salvor.controller.core.rule;

import static dev.salvor.controller.core.Story.ONE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.controller.core.AgentOrder;
import dev.salvor.controller.core.Arm;
import dev.salvor.controller.core.Decision;
import dev.salvor.controller.core.Effect;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.core.LogPolicy;
import dev.salvor.controller.core.LogPolicy.Answer;
import dev.salvor.controller.core.Outcome;
import dev.salvor.controller.core.Policy;
import dev.salvor.controller.core.RunSpec;
import dev.salvor.controller.core.RunState;
import dev.salvor.controller.core.Story;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LogRuleTest {
  private static final Policy P = Policy.DEFAULT;
  private static final String LINE = "[rank0]: NCCL error: unhandled system error";

  private final LogRule rule = new LogRule();

  @Test
  void a_job_that_still_runs_is_ended_and_started_again() {
    Story story = says(trains(Answer.RESTART, 2), 1);
    Decision begun = decide(story).orElseThrow();
    assertThat(begun.why()).contains(LINE);
    assertThat(begun.evidence())
        .anyMatch(line -> line.contains("match NCCL error, do restart, followed 0 of 2 times"));
    begun.facts().forEach(story::fact);
    story.after(Duration.ofSeconds(20));
    Effect.Tell tell = (Effect.Tell) decide(story).orElseThrow().effects().getFirst().effect();
    assertThat(tell.order()).isEqualTo(new AgentOrder.StopJob(P.patience().stop()));
    story.intend(tell);
    assertThat(decide(story)).isEmpty();
    story.settle(new Outcome.Done());
    assertThat(decide(story)).as("it is given its time").isEmpty();

    story.ended(ONE, 1, 143, "stopped").after(Duration.ofMinutes(1));
    assertThat(decide(story)).isEmpty();
    Decision again = new ProceedRule().decide(story.state(), P, story.now()).orElseThrow();
    assertThat(again.why()).contains(LINE);
  }

  @Test
  void one_that_ended_by_itself_is_started_again_though_it_was_its_own_fault() {
    Story story = says(trains(Answer.RESTART, 1), 1).ended(ONE, 1, 1, "user-error");
    assertThat(Situation.finishing(story.state(), P)).isFalse();
    follow(story);
    assertThat(Situation.finishing(story.state(), P)).isFalse();
    assertThat(new ProceedRule().decide(story.after(Duration.ofMinutes(1)).state(), P, story.now()))
        .isPresent();
  }

  @Test
  void after_so_many_times_it_is_told_and_the_end_is_an_end() {
    Story story = says(trains(Answer.RESTART, 1), 1).ended(ONE, 1, 1, "user-error");
    follow(story);
    again(story, 2);
    story.fact(matched(story, 2));
    story.fact(new Fact.JobEnded(story.now(), ONE, 1, 1, "user-error", List.of(), 2));
    assertThat(Situation.finishing(story.state(), P)).isTrue();
    Decision spent = decide(story).orElseThrow();
    assertThat(announced(spent).what()).contains("followed 1 times already", LINE);
    spent.facts().forEach(story::fact);
    assertThat(decide(story.fact(matched(story, 2)))).as("told once").isEmpty();
  }

  @Test
  void a_job_that_ended_well_has_ended_whatever_it_said() {
    Story story = says(trains(Answer.RESTART, 3), 1).ended(ONE, 1, 0, "done");
    assertThat(decide(story)).isEmpty();
    assertThat(Situation.finishing(story.state(), P)).isTrue();
  }

  @Test
  void what_an_earlier_start_said_is_over() {
    Story story = trains(Answer.RESTART, 3);
    again(story.ended(ONE, 1, 137, "killed"), 2);
    assertThat(decide(story.fact(matched(story, 1)))).isEmpty();
    assertThat(story.state().learned().heard().open()).isEmpty();
  }

  @Test
  void a_box_is_left_in_order_and_its_machine_remembered() {
    Story story = says(trains(Answer.LEAVE, 3), 1);
    follow(story);
    Decision ready = decide(story).orElseThrow();
    assertThat(announced(ready).what()).contains(LINE);
    ready.facts().forEach(story::fact);
    assertThat(decide(story)).as("time for a checkpoint").isEmpty();
    story.ended(ONE, 1, 1, "cuda-error");
    Decision go = decide(story).orElseThrow();
    assertThat(go.facts()).contains(new Fact.ArmChosen(story.now(), ONE, Arm.RELAUNCH));
    go.facts().forEach(story::fact);
    assertThat(story.state().market().failed().getFirst().why()).contains("its job said: " + LINE);
    assertThat(Situation.finishing(story.state(), P)).isFalse();
    assertThat(RentRule.needed(story.state())).isTrue();
    assertThat(decide(story)).isEmpty();
  }

  @Test
  void a_job_that_is_fenced_since_its_box_was_left_has_not_come_to_its_end() {
    Story story = says(trains(Answer.LEAVE, 3), 1);
    story.fact(new Fact.ArmChosen(story.now(), ONE, Arm.RELAUNCH)).ended(ONE, 1, 143, "fenced");
    assertThat(Situation.finishing(story.state(), P)).isFalse();
  }

  @Test
  void the_run_is_ended_where_its_user_says_so() {
    Story story = says(trains(Answer.STOP, 1), 1);
    Decision end = decide(story).orElseThrow();
    assertThat(end.facts())
        .anyMatch(f -> f instanceof Fact.WindDownAsked by && by.by().contains(LINE));
    end.facts().forEach(story::fact);
    assertThat(story.state().will()).isInstanceOf(RunState.Will.WindDown.class);
    assertThat(decide(story)).isEmpty();
  }

  @Test
  void a_line_is_told_each_time_up_to_the_bound() {
    Story story = trains(Answer.NOTIFY, 2);
    assertThat(announced(follow(story.fact(matched(story, 1)))).key()).isEqualTo("log-1-1");
    assertThat(announced(follow(story.fact(matched(story, 1)))).key()).isEqualTo("log-1-2");
    assertThat(announced(follow(story.fact(matched(story, 1)))).key()).isEqualTo("log-1-spent");
    assertThat(decide(story.fact(matched(story, 1)))).isEmpty();
  }

  @Test
  void a_checkpoint_is_asked_for_where_the_job_listens() {
    Story deaf = says(trains(Answer.CHECKPOINT, 1), 1);
    assertThat(decide(deaf)).isEmpty();
    Story story = Story.of(with(MoneyRulesTest.listening(), Answer.CHECKPOINT, 1));
    says(story.rented(ONE).trains(ONE, 1), 1);
    Decision ask = decide(story).orElseThrow();
    Effect.Tell tell = (Effect.Tell) ask.effects().getFirst().effect();
    assertThat(tell.order()).isEqualTo(new AgentOrder.AskCheckpoint());
    assertThat(ask.facts()).hasSize(1);
  }

  @Test
  void a_policy_that_nobody_made_is_none() {
    Story story = trains(Answer.STOP, 1);
    story.fact(new Fact.LogMatched(story.now(), ONE, 1, 1, 2, LINE));
    story.fact(new Fact.LogMatched(story.now(), ONE, 1, 1, 0, LINE));
    assertThat(decide(story)).isEmpty();
  }

  private Decision follow(Story story) {
    Decision decision = decide(story).orElseThrow();
    decision.facts().forEach(story::fact);
    return decision;
  }

  private Optional<Decision> decide(Story story) {
    return rule.decide(story.state(), P, story.now());
  }

  private static void again(Story story, int start) {
    story.after(Duration.ofMinutes(1));
    story.intend(new Effect.Tell(ONE, 1, new AgentOrder.Proceed())).settle(new Outcome.Done());
    story.fact(new Fact.JobStarted(story.now(), ONE, 1, start));
  }

  private static Fact.Announced announced(Decision decision) {
    return MoneyRulesTest.announced(decision);
  }

  private static Story says(Story story, int start) {
    return story.fact(matched(story, start));
  }

  private static Fact.LogMatched matched(Story story, int start) {
    return new Fact.LogMatched(story.now(), ONE, 1, start, 1, LINE);
  }

  private static Story trains(Answer answer, int times) {
    return Story.of(with(Story.begin().state().spec(), answer, times)).rented(ONE).trains(ONE, 1);
  }

  private static RunSpec with(RunSpec spec, Answer answer, int times) {
    RunSpec.Job job = spec.job();
    RunSpec.Care c = job.care();
    return spec.with(
        new RunSpec.Job(
            job.command(),
            job.workdir(),
            job.env(),
            job.checkpointRoots(),
            job.resultRoots(),
            new RunSpec.Care(
                c.tasks(),
                c.envFirst(),
                c.envResume(),
                c.listens(),
                c.scratch(),
                c.secrets(),
                c.checkpointEvery(),
                c.verify(),
                c.targets(),
                c.retention(),
                c.goOn(),
                List.of(new LogPolicy("NCCL error", answer, times)))));
  }
}
