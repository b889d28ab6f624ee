package dev.salvor.controller.core;

import static dev.salvor.controller.core.Story.ONE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.common.unit.RunId;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class FailedMachineTest {
  @Test
  void a_box_that_never_came_up_is_held_against_its_machine() {
    Story story = left(Story.begin().rented(ONE).verdict(ONE, new Verdict.Coming()));
    assertThat(known(story))
        .singleElement()
        .satisfies(failed -> {
          assertThat(failed.machine()).isEqualTo(story.rental(ONE).offer().machine());
          assertThat(failed.run()).isEqualTo(Story.RUN);
          assertThat(failed.why()).startsWith("it did not come up");
        });
  }

  @Test
  void a_box_that_could_not_be_made_ready_says_why() {
    Story story = Story.begin().rented(ONE).joined(ONE, 1);
    story.intend(new Effect.Prepare(ONE, Story.instance(ONE)));
    story.settle(new Outcome.Failed("nobody may log in", false));
    assertThat(known(left(story)).getFirst().why())
        .isEqualTo("it could not be made ready: nobody may log in");
  }

  @Test
  void a_host_that_went_offline_is_remembered_once_however_often_it_flaps() {
    Story story = Story.begin().rented(ONE).trains(ONE, 1);
    for (int i = 0; i < 5; i++) {
      story.after(Duration.ofMinutes(1));
      story.verdict(ONE, new Verdict.Lost(Verdict.Cause.HOST_OFFLINE, "away"));
      story.verdict(ONE, new Verdict.Alive());
    }
    assertThat(known(story))
        .singleElement()
        .satisfies(failed -> {
          assertThat(failed.why()).contains("offline");
          assertThat(failed.times()).isEqualTo(1);
        });
  }

  @Test
  void to_be_outbid_or_stopped_is_no_machines_fault() {
    assertThat(known(left(Story.begin().rented(ONE).trains(ONE, 1).outbid(ONE)))).isEmpty();
    assertThat(known(left(Story.begin().rented(ONE).trains(ONE, 1).fenced(ONE)))).isEmpty();
    assertThat(known(left(Story.begin().rented(ONE).trains(ONE, 1)))).isEmpty();
    Story refused = Story.begin().asked(ONE).settle(new Outcome.Refused("the offer is gone"));
    assertThat(known(refused)).isEmpty();
  }

  @Test
  void a_day_for_each_time_and_then_it_is_forgiven() {
    Story story = left(Story.begin().rented(ONE).verdict(ONE, new Verdict.Coming()));
    assertThat(FailedMachine.known(List.of(story.state()), story.now().plus(hours(23)))).hasSize(1);
    assertThat(FailedMachine.known(List.of(story.state()), story.now().plus(hours(24)))).isEmpty();
    List<RunState> twice = List.of(story.state(), story.state());
    assertThat(FailedMachine.known(twice, story.now().plus(hours(47))))
        .singleElement()
        .satisfies(failed -> assertThat(failed.times()).isEqualTo(2));
    assertThat(FailedMachine.known(twice, story.now().plus(hours(48)))).isEmpty();
  }

  @Test
  void what_one_run_learnt_comes_to_the_next_with_its_offers() {
    FailedMachine failed =
        known(left(Story.begin().rented(ONE).verdict(ONE, new Verdict.Coming()))).getFirst();
    Story next = Story.of(Story.begin().state().spec().named(new RunId("next")));
    next.intend(new Effect.Search());
    next.settle(new Outcome.Offers(List.of(Story.offer(11, 0.4)), List.of(failed)));
    assertThat(next.state().market().heldAgainst(failed.machine())).contains(failed);
    // A later search may have forgiven it.
    next.offers(Story.offer(11, 0.4));
    assertThat(next.state().market().heldAgainst(failed.machine())).isEmpty();
  }

  private static Duration hours(int hours) {
    return Duration.ofHours(hours);
  }

  private static Story left(Story story) {
    return story.fact(new Fact.ArmChosen(story.now(), ONE, Arm.RELAUNCH));
  }

  private static List<FailedMachine> known(Story story) {
    return FailedMachine.known(List.of(story.state()), story.now());
  }
}
