package dev.salvor.controller.core.rule;

import static dev.salvor.controller.core.Story.ONE;
import static dev.salvor.controller.core.Story.TWO;
import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.controller.core.AgentOrder;
import dev.salvor.controller.core.Arm;
import dev.salvor.controller.core.Decision;
import dev.salvor.controller.core.Effect;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.core.Outcome;
import dev.salvor.controller.core.Policy;
import dev.salvor.controller.core.Sight;
import dev.salvor.controller.core.Story;
import dev.salvor.controller.core.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What is said of a box that says nothing, and what is asked of a job that listens.
class SilenceAndAskRulesTest {
  private static final Duration GRACE = Duration.ofMinutes(5);

  @Test
  void a_box_that_is_silent_for_over_five_minutes_is_told_of_once_a_boot() {
    for (Verdict verdict : List.of(new Verdict.Suspect("mute"), new Verdict.Unknown("no word"))) {
      Story story = Story.begin().rented(ONE).trains(ONE, 1).verdict(ONE, verdict);
      assertThat(silence(story.after(GRACE))).isEmpty();
      Decision said = silence(story.after(Duration.ofSeconds(1))).orElseThrow();
      Fact.Announced told = MoneyRulesTest.announced(said);
      assertThat(told.key()).startsWith("silent-1.1-boot-1-");
      assertThat(told.what())
          .isEqualTo(
              "Instance %s has been silent for 5 minutes and bills $0.3000/h"
                  .formatted(Story.instance(ONE)));
      assertThat(told.next()).contains("salvor destroy tale");
      assertThat(said.evidence()).containsExactly("verdict " + verdict);
      assertThat(silence(story.fact(told))).isEmpty();
      story.joined(ONE, 2).verdict(ONE, verdict).after(GRACE.plusSeconds(1));
      assertThat(silence(story)).as("another boot").isPresent();
    }
  }

  @Test
  void a_silence_after_one_that_was_acknowledged_is_told_of_again() {
    Verdict mute = new Verdict.Suspect("mute");
    Story story = Story.begin().rented(ONE).trains(ONE, 1).verdict(ONE, mute);
    Duration later = GRACE.plusSeconds(1);
    story.fact(MoneyRulesTest.announced(silence(story.after(later)).orElseThrow()));
    story.verdict(ONE, new Verdict.Alive()).verdict(ONE, mute);
    assertThat(silence(story.after(later))).as("the first is still shown").isEmpty();
    story.fact(new Fact.NoticeAcknowledged(story.now(), 1));
    assertThat(silence(story)).as("acknowledged, and silent anew").isPresent();
    story.fact(MoneyRulesTest.announced(silence(story).orElseThrow()));
    story.fact(new Fact.NoticeAcknowledged(story.now(), 2));
    assertThat(silence(story.after(later))).as("acknowledged, and still silent").isEmpty();
  }

  @Test
  void a_box_that_speaks_comes_is_lost_or_is_gone_is_not_called_silent() {
    for (Verdict verdict :
        List.of(
            new Verdict.Alive(),
            new Verdict.Coming(),
            new Verdict.Lost(Verdict.Cause.OUTBID, "outbid"))) {
      Story story = Story.begin().rented(ONE).trains(ONE, 1).verdict(ONE, verdict);
      assertThat(silence(story.after(GRACE.multipliedBy(2)))).isEmpty();
    }
    Story gone = Story.begin().rented(ONE).trains(ONE, 1).verdict(ONE, new Verdict.Suspect("mute"));
    gone.saw(ONE, Sight.Status.GONE, Sight.Wanted.STOPPED).after(GRACE.multipliedBy(2));
    assertThat(silence(gone)).isEmpty();
  }

  @Test
  void a_job_that_listens_is_asked_when_a_checkpoint_is_wanted_and_once() {
    Story story = Story.of(MoneyRulesTest.listening()).rented(ONE).trains(ONE, 1);
    assertThat(ask(story)).as("nobody wants one").isEmpty();
    story.fact(new Fact.CheckpointAsked(story.now(), "me"));
    Effect.Tell tell = new Effect.Tell(ONE, 1, new AgentOrder.AskCheckpoint());
    assertThat(ask(story)).map(d -> d.effects().getFirst().effect()).contains(tell);
    assertThat(ask(story).orElseThrow().why()).contains("SIGUSR1");
    story.intend(new Effect.Tell(ONE, 1, new AgentOrder.Quiesce()));
    assertThat(ask(story)).as("it is being told something").isEmpty();
    story.settle(new Outcome.Done());
    story.intend(new Effect.Tell(TWO, 1, new AgentOrder.Quiesce()));
    assertThat(ask(story)).as("another box is told something").isPresent();
    assertThat(ask(story.intend(tell).settle(new Outcome.Done()))).as("asked").isEmpty();
  }

  @Test
  void one_that_does_not_listen_does_not_run_or_is_silent_is_not_asked() {
    assertThat(ask(wanting(Story.begin().rented(ONE).trains(ONE, 1)))).isEmpty();
    Story idle = Story.of(MoneyRulesTest.listening()).rented(ONE).joined(ONE, 1);
    assertThat(ask(wanting(idle))).isEmpty();
    Story silent = Story.of(MoneyRulesTest.listening()).rented(ONE).trains(ONE, 1);
    silent.verdict(ONE, new Verdict.Suspect("mute"));
    assertThat(ask(wanting(silent))).isEmpty();
    Story gone = Story.of(MoneyRulesTest.listening()).rented(ONE).trains(ONE, 1);
    gone.saw(ONE, Sight.Status.GONE, Sight.Wanted.STOPPED);
    assertThat(ask(wanting(gone))).isEmpty();
  }

  @Test
  void what_an_older_box_brought_further_than_the_run_went_on_from_is_offered_once() {
    Story story = Story.begin().rented(ONE).trains(ONE, 1);
    story.safe(ONE, Story.checkpoint(ONE, 1, 1, 100));
    assertThat(aside(story)).as("it is the run's own").isEmpty();
    story.fact(new Fact.ArmChosen(story.now(), ONE, Arm.RELAUNCH)).fenced(ONE);
    story.rented(TWO).trains(TWO, 1);
    assertThat(aside(story)).as("the run went on from it").isEmpty();
    story.safe(ONE, Story.results(ONE, 1, 2));
    story.seen(ONE, Story.checkpoint(ONE, 1, 3, 900));
    assertThat(aside(story)).as("it is not home").isEmpty();
    story.safe(ONE, Story.checkpoint(ONE, 1, 4, 500));
    Decision offer = aside(story).orElseThrow();
    Fact.Announced told = MoneyRulesTest.announced(offer);
    assertThat(told.key()).isEqualTo("aside-1.1-step-500");
    assertThat(told.what()).contains("step 500", "frontier at step 100");
    assertThat(told.next()).contains("receipts/" + Story.checkpoint(ONE, 1, 4, 500).id());
    assertThat(aside(story.fact(told))).isEmpty();
    story.safe(ONE, Story.checkpoint(ONE, 1, 5, 600));
    assertThat(MoneyRulesTest.announced(aside(story).orElseThrow()).key())
        .isEqualTo("aside-1.1-step-600");
  }

  @Test
  void where_the_run_had_nothing_to_go_on_from_even_step_zero_is_offered() {
    Story story = Story.begin().rented(ONE).trains(ONE, 1);
    story.fact(new Fact.ArmChosen(story.now(), ONE, Arm.RELAUNCH)).fenced(ONE);
    story.rented(TWO).trains(TWO, 1).safe(ONE, Story.checkpoint(ONE, 1, 1, 0));
    assertThat(aside(story)).isPresent();
    story.safe(TWO, Story.checkpoint(TWO, 1, 1, 0));
    assertThat(aside(story)).as("the run is as far").isEmpty();
  }

  private static Story wanting(Story story) {
    return story.fact(new Fact.CheckpointAsked(story.now(), "me"));
  }

  private static Optional<Decision> silence(Story story) {
    return new SilenceRule().decide(story.state(), Policy.DEFAULT, story.now());
  }

  private static Optional<Decision> ask(Story story) {
    return new AskRule().decide(story.state(), Policy.DEFAULT, story.now());
  }

  private static Optional<Decision> aside(Story story) {
    return new AsideRule().decide(story.state(), Policy.DEFAULT, story.now());
  }
}
