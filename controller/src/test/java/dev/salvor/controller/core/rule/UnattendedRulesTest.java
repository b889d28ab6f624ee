package dev.salvor.controller.core.rule;

import static dev.salvor.controller.core.Story.ONE;
import static dev.salvor.controller.core.Story.TWO;
import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.controller.core.Arm;
import dev.salvor.controller.core.Decision;
import dev.salvor.controller.core.Effect;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.core.Permits;
import dev.salvor.controller.core.Policy;
import dev.salvor.controller.core.Rental.JobState;
import dev.salvor.controller.core.RentalRef;
import dev.salvor.controller.core.RunSpec;
import dev.salvor.controller.core.Sight;
import dev.salvor.controller.core.Story;
import dev.salvor.controller.core.Unattended;
import dev.salvor.controller.core.Verdict;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What a box may do while nobody answers, and what is made of it afterwards.
class UnattendedRulesTest {
  private static final Policy P = Policy.DEFAULT;
  private static final String WHY = "no controller answered since noon";

  @Test
  void a_box_that_trains_may_spend_until_the_budget_is_nearly_spent() {
    // 10 dollars, less a week of disk and the last five minutes, at 0.30 an hour.
    Story story = Story.begin().rented(ONE).trains(ONE, 1);
    assertThat(lease(story, ONE, P)).isBetween(hours(27.6), hours(27.7));
    story.after(Duration.ofHours(10));
    assertThat(lease(story, ONE, P)).isBetween(hours(17.6), hours(17.7));
    story.after(Duration.ofHours(18));
    assertThat(lease(story, ONE, P)).isZero();
  }

  @Test
  void a_shorter_lease_can_be_asked_for() {
    Story story = Story.begin().rented(ONE).trains(ONE, 1);
    Policy short_ = P.with(new Unattended(Duration.ofHours(1), Duration.ofMinutes(5), true));
    assertThat(lease(story, ONE, short_)).isEqualTo(Duration.ofHours(1));
  }

  @Test
  void a_run_may_say_its_own_times_and_its_deadline_ends_every_lease() {
    RunSpec.Finish own =
        new RunSpec.Finish(RunSpec.After.DESTROY, true, Duration.ofMinutes(7), Duration.ofHours(3));
    Story story = Story.of(Story.spec(own)).rented(ONE).trains(ONE, 1);
    assertThat(lease(story, ONE, P)).isEqualTo(Duration.ofHours(3));
    story.ended(ONE, 1, 0, "done");
    assertThat(lease(story, ONE, P)).isEqualTo(Duration.ofMinutes(7));
    Story due = Story.due(Story.BEGIN.plus(Duration.ofHours(2))).rented(ONE).trains(ONE, 1);
    assertThat(due.now().plus(lease(due, ONE, P))).isEqualTo(Story.BEGIN.plusSeconds(7200));
  }

  @Test
  void a_box_that_is_left_or_whose_job_is_over_may_stay_for_the_grace_only() {
    Story story = Story.begin().rented(ONE).trains(ONE, 1);
    story.fact(new Fact.ArmChosen(story.now(), ONE, Arm.RELAUNCH)).fenced(ONE);
    story.rented(TWO).trains(TWO, 1);
    assertThat(lease(story, ONE, P)).isEqualTo(P.unattended().grace());
    assertThat(lease(story, TWO, P)).isGreaterThan(P.unattended().grace());
    story.ended(TWO, 1, 0, "done");
    assertThat(lease(story, TWO, P)).isEqualTo(P.unattended().grace());
    assertThat(lease(story, new RentalRef(9, 9), P)).isEqualTo(P.unattended().grace());
  }

  @Test
  void a_job_that_its_box_ended_for_the_lease_goes_on_elsewhere() {
    Story story = Story.begin().rented(ONE).trains(ONE, 1).ended(ONE, 1, 143, "lease");
    assertThat(story.rental(ONE).job()).isInstanceOf(JobState.Idle.class);
    assertThat(Situation.finishing(story.state(), P)).isFalse();
  }

  @Test
  void a_box_that_stopped_itself_is_told_of_with_its_reason_and_its_burn_once() {
    Story story = selfStopped(1).after(Duration.ofHours(6));

    Decision decision = decide(new SelfStopRule(), story).orElseThrow();
    Fact.Announced notice = (Fact.Announced) decision.facts().getFirst();

    assertThat(notice.what())
        .contains("stopped itself at 2026-01-01T00:00:00Z", WHY, "$0.0100/h", "$0.0600 since then");
    story.fact(notice);
    assertThat(decide(new SelfStopRule(), story)).isEmpty();
    assertThat(decide(new BurnRule(), story)).as("a second notice of the same").isEmpty();
  }

  @Test
  void word_of_an_earlier_boot_says_nothing_of_this_pause() {
    assertThat(decide(new SelfStopRule(), selfStopped(2))).isEmpty();
  }

  @Test
  void a_box_that_ended_its_job_and_could_not_stop_itself_is_stopped() {
    Story story = Story.begin().rented(ONE).trains(ONE, 1).ended(ONE, 1, 143, "lease");
    story.fact(new Fact.SelfStopped(story.now(), ONE, 1, story.now(), WHY));
    story.after(Duration.ofSeconds(10));
    assertThat(decide(new FenceRule(), story).orElseThrow().effects().getFirst().effect())
        .isEqualTo(new Effect.Stop(ONE, Story.instance(ONE)));
  }

  @Test
  void a_box_that_was_stopped_for_good_is_not_waited_for() {
    Story story = Story.begin().rented(ONE).trains(ONE, 1).fenced(ONE);
    assertThat(Arms.weigh(story.state(), P, story.rental(ONE), story.now()).evidence())
        .anyMatch(line -> line.startsWith("wait: it was stopped"));
  }

  @Test
  void what_either_of_two_boxes_said_of_itself_is_no_ground_to_erase() {
    Story story = Story.begin().rented(ONE).trains(ONE, 1).ended(ONE, 1, 0, "done");
    story.quiesced(ONE, 1, 0);
    assertThat(Permits.rule(story.state(), ONE, story.now()))
        .isInstanceOf(Permits.Ruling.Granted.class);
    story.fact(new Fact.Announced(story.now(), Permits.CLONED + ONE, "two boxes", "look"));
    assertThat(Permits.rule(story.state(), ONE, story.now()))
        .isInstanceOfSatisfying(
            Permits.Ruling.Refused.class,
            r -> assertThat(r.reasons()).anyMatch(why -> why.contains("brought home")));
  }

  /// Rental 1.1 is paused; its boot of that number said that it stopped itself.
  private static Story selfStopped(int boots) {
    Story story = Story.begin().rented(ONE).trains(ONE, 1);
    story.fact(new Fact.SelfStopped(story.now(), ONE, 1, story.now(), WHY));
    if (boots > 1) {
      story.joined(ONE, boots);
    }
    story.saw(ONE, Sight.Status.STOPPED, Sight.Wanted.STOPPED);
    return story.verdict(ONE, new Verdict.Lost(Verdict.Cause.STOPPED, "silent"));
  }

  private static Duration lease(Story story, RentalRef ref, Policy policy) {
    return Duration.between(story.now(), Leases.until(story.state(), ref, policy, story.now()));
  }

  private static Duration hours(double hours) {
    return Duration.ofSeconds(Math.round(hours * 3600));
  }

  private static Optional<Decision> decide(Rule rule, Story story) {
    return rule.decide(story.state(), P, story.now());
  }
}
