package dev.salvor.controller.core.rule;

import static dev.salvor.controller.core.Story.ONE;
import static dev.salvor.controller.core.Story.checkpoint;
import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.common.checkpoint.Unit;
import dev.salvor.controller.core.AgentOrder;
import dev.salvor.controller.core.Decision;
import dev.salvor.controller.core.Effect;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.core.Outcome;
import dev.salvor.controller.core.Policy;
import dev.salvor.controller.core.Story;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// How often a checkpoint pays.
class CadenceRuleTest {
  private final CadenceRule rule = new CadenceRule();

  @Test
  void what_pays_is_the_root_of_twice_the_time_a_box_lasts_times_what_a_checkpoint_costs() {
    Story story = writing(Story.begin(), Duration.ofMinutes(60), 4);
    Cadence c = Cadence.of(story.state(), story.rental(ONE), story.now()).orElseThrow();
    // Twelve hours before anything was seen, four since; a checkpoint of nothing costs a second.
    assertThat(c.wanted()).isEqualTo(Duration.ofSeconds(339));
    assertThat(c.actual()).contains(Duration.ofHours(1));
    assertThat(c.lines())
        .anyMatch(line -> line.contains("16 h 0 min in the mean: 0 lost in 4 h 0 min"))
        .anyMatch(line -> line.contains("1.0 s, by its size"));
  }

  @Test
  void a_job_far_from_it_is_told_once_in_minutes_and_dollars() {
    Story story = writing(Story.begin(), Duration.ofMinutes(60), 4);
    Decision told = decide(story).orElseThrow();
    assertThat(MoneyRulesTest.announced(told).what())
        .contains("every 60 min", "every 5 min would pay better", "$0.0")
        .endsWith("an hour");
    told.facts().forEach(story::fact);
    assertThat(decide(story)).isEmpty();
  }

  @Test
  void what_is_heard_of_at_once_after_a_silence_was_written_when_its_box_says() {
    Story story = Story.begin().rented(ONE).trains(ONE, 1);
    Instant evening = story.now();
    story.after(Duration.ofHours(4));
    for (int i = 1; i <= 4; i++) {
      Instant written = evening.plus(Duration.ofHours(i));
      story.safe(ONE, writtenAt(written, checkpoint(ONE, 1, i, i * 100L)));
    }
    Cadence c = Cadence.of(story.state(), story.rental(ONE), story.now()).orElseThrow();
    assertThat(c.actual()).contains(Duration.ofHours(1));
  }

  @Test
  void a_job_near_it_is_left_alone() {
    assertThat(decide(writing(Story.begin(), Duration.ofMinutes(6), 5))).isEmpty();
  }

  @Test
  void losses_shorten_it() {
    Story calm = writing(Story.begin(), Duration.ofMinutes(30), 4);
    Story rough = writing(Story.begin(), Duration.ofMinutes(30), 4);
    for (int boot = 2; boot < 6; boot++) {
      rough.outbid(ONE).joined(ONE, boot).fact(new Fact.JobStarted(rough.now(), ONE, boot));
    }
    assertThat(rough.state().learned().losses()).isEqualTo(4);
    assertThat(wanted(rough)).isLessThan(wanted(calm).dividedBy(2));
  }

  @Test
  void a_job_that_listens_is_asked_when_more_would_be_lost_and_its_answer_is_timed() {
    Story story = Story.of(MoneyRulesTest.listening()).rented(ONE).trains(ONE, 1);
    story.safe(ONE, checkpoint(ONE, 1, 1, 10));
    assertThat(decide(story.after(Duration.ofMinutes(4)))).isEmpty();
    Effect.Tell tell = ask(story.after(Duration.ofMinutes(2)));
    assertThat(tell.order()).isEqualTo(new AgentOrder.AskCheckpoint());
    story.intend(tell).settle(new Outcome.Done());
    assertThat(decide(story.after(Duration.ofSeconds(20)))).isEmpty();
    story.safe(ONE, checkpoint(ONE, 1, 2, 20));
    assertThat(story.state().learned().write()).contains(Duration.ofSeconds(20));
    // What one costs is known better now, and it is asked for less often.
    assertThat(decide(story.after(Duration.ofMinutes(20)))).isEmpty();
    assertThat(decide(story.after(Duration.ofMinutes(8)))).isPresent();
  }

  @Test
  void the_sums_are_told_for_people() {
    Story story = writing(Story.begin(), Duration.ofMinutes(60), 4);
    Cadence c = Cadence.of(story.state(), story.rental(ONE), story.now()).orElseThrow();
    assertThat(c.lines())
        .containsExactly(
            "a box lasts 16 h 0 min in the mean: 0 lost in 4 h 0 min, and one in 12 h 0 min before"
                + " that was seen",
            "a checkpoint of 0.0 MB costs 1.0 s, by its size, since none was timed",
            "sqrt(2 x 16 h 0 min x 1.0 s) = 5 min",
            "every 60 min wastes $0.0095 an hour, every 5 min $0.0018");
  }

  @Test
  void a_new_box_is_reckoned_by_the_checkpoints_of_those_before_it_and_results_are_none() {
    Story story = Story.begin().rented(ONE).trains(ONE, 1).seen(ONE, Story.results(ONE, 1, 1));
    assertThat(Cadence.of(story.state(), story.rental(ONE), story.now())).isEmpty();
    story.safe(ONE, checkpoint(ONE, 1, 2, 10)).rented(Story.TWO);
    Cadence c = Cadence.of(story.state(), story.rental(Story.TWO), story.now()).orElseThrow();
    assertThat(c.seen()).isEmpty();
    assertThat(c.actual()).isEmpty();
    assertThat(c.wanted()).isGreaterThan(Duration.ofMinutes(1));
  }

  private Effect.Tell ask(Story story) {
    return (Effect.Tell) decide(story).orElseThrow().effects().getFirst().effect();
  }

  private static Duration wanted(Story story) {
    return Cadence.of(story.state(), story.rental(ONE), story.now()).orElseThrow().wanted();
  }

  private static Story writing(Story story, Duration every, int times) {
    story.rented(ONE).trains(ONE, 1);
    for (int i = 1; i <= times; i++) {
      story.after(every);
      story.safe(ONE, writtenAt(story.now(), checkpoint(ONE, 1, i, i * 100L)));
    }
    return story;
  }

  private static Unit writtenAt(Instant at, Unit unit) {
    return new Unit(
        unit.id(),
        unit.kind(),
        unit.format(),
        unit.step(),
        unit.completeness(),
        unit.manifest(),
        at);
  }

  private Optional<Decision> decide(Story story) {
    return rule.decide(story.state(), Policy.DEFAULT, story.now());
  }
}
