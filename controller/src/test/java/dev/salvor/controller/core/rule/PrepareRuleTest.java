package dev.salvor.controller.core.rule;

import static dev.salvor.controller.core.Story.ONE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.controller.core.Arm;
import dev.salvor.controller.core.Decision;
import dev.salvor.controller.core.Effect;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.core.Outcome;
import dev.salvor.controller.core.Policy;
import dev.salvor.controller.core.RunSpec;
import dev.salvor.controller.core.Story;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PrepareRuleTest {
  private static final Effect.Prepare PREPARE = new Effect.Prepare(ONE, Story.instance(ONE));
  private static final Outcome NO_LOGIN = new Outcome.Failed("nobody lets us in", true);

  @Test
  void a_job_that_needs_a_directory_waits_for_it() {
    Story story = syncing().rented(ONE).joined(ONE, 1);
    assertThat(proceeds(story)).isFalse();
    assertThat(decide(story).orElseThrow().effects().getFirst().effect()).isEqualTo(PREPARE);
    story.intend(PREPARE);
    assertThat(decide(story)).isEmpty();
    assertThat(proceeds(story)).isFalse();
    story.settle(new Outcome.Done());
    assertThat(decide(story)).isEmpty();
    assertThat(proceeds(story)).isTrue();
  }

  @Test
  void a_job_that_needs_none_does_not_wait() {
    Story story = Story.begin().rented(ONE).joined(ONE, 1);
    assertThat(decide(story)).isEmpty();
    assertThat(proceeds(story)).isTrue();
  }

  /// Eight checkpoints in a night: 16 GB and 80 MB.
  @Test
  void a_box_that_will_send_much_is_looked_at_though_nothing_is_brought_there() {
    Story story = writing(2_000_000_000L).rented(ONE).joined(ONE, 1);
    assertThat(proceeds(story)).isFalse();
    assertThat(decide(story).orElseThrow().what()).contains("a megabyte there and back");
    story.intend(PREPARE).settle(new Outcome.Done());
    assertThat(proceeds(story)).isTrue();
    Story little = writing(10_000_000L).rented(ONE).joined(ONE, 1);
    assertThat(decide(little)).isEmpty();
    assertThat(proceeds(little)).isTrue();
  }

  private static Story writing(long checkpoint) {
    RunSpec usual = Story.spec(new RunSpec.Finish(RunSpec.After.DESTROY, true));
    RunSpec.Market m = usual.market();
    return Story.of(
        usual.with(
            new RunSpec.Market(
                m.image(),
                m.query(),
                m.diskGb(),
                m.interruptible(),
                m.cap(),
                m.bidding(),
                m.bid(),
                new RunSpec.Sizes(0, 0, checkpoint))));
  }

  @Test
  void a_box_that_cannot_be_logged_in_to_for_six_minutes_is_left_for_another() {
    Story story = syncing().rented(ONE).joined(ONE, 1);
    while (story.now().isBefore(Story.BEGIN.plus(Duration.ofMinutes(6)))) {
      story.intend(PREPARE).settle(NO_LOGIN).after(Duration.ofSeconds(20));
      assertThat(proceeds(story)).isFalse();
    }
    Decision last = decide(story.after(Duration.ofSeconds(1))).orElseThrow();
    assertThat(last.facts().getFirst())
        .isEqualTo(new Fact.ArmChosen(story.now(), ONE, Arm.RELAUNCH));
    assertThat(last.why()).contains("nobody lets us in");
  }

  @Test
  void one_that_is_not_fit_for_it_is_left_at_once() {
    Story story = syncing().rented(ONE).joined(ONE, 1).intend(PREPARE);
    story.settle(new Outcome.Failed("by the slow proxy only", false));
    assertThat(decide(story).orElseThrow().facts().getFirst()).isInstanceOf(Fact.ArmChosen.class);
  }

  @Test
  void what_is_in_the_way_here_ends_the_run_before_it_costs_more() {
    Story story = syncing().rented(ONE).joined(ONE, 1).intend(PREPARE);
    story.settle(new Outcome.Refused("/project is gone"));
    Decision end = decide(story).orElseThrow();
    end.facts().forEach(story::fact);
    assertThat(story.state().will().toString()).contains("/project is gone");
    assertThat(story.state().notices()).hasSize(1);
    assertThat(decide(story)).isEmpty();
  }

  @Test
  void when_the_run_is_to_end_nobody_waits_for_it() {
    Story story = syncing().rented(ONE).joined(ONE, 1).intend(PREPARE);
    story.fact(new Fact.WindDownAsked(story.now(), "Ctrl-C"));
    assertThat(story.state().open()).isEmpty();
    assertThat(decide(story)).isEmpty();
  }

  private static Story syncing() {
    return Story.of(
        Story.spec(new RunSpec.Finish(RunSpec.After.DESTROY, true))
            .with(RunSpec.Box.USUAL.syncing("/project")));
  }

  private static Optional<Decision> decide(Story story) {
    return new PrepareRule().decide(story.state(), Policy.DEFAULT, story.now());
  }

  private static boolean proceeds(Story story) {
    return new ProceedRule().decide(story.state(), Policy.DEFAULT, story.now()).isPresent();
  }
}
