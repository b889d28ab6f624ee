package dev.salvor.controller.core;

import static dev.salvor.controller.core.Story.ONE;
import static dev.salvor.controller.core.Story.TWO;
import static dev.salvor.controller.core.Story.checkpoint;
import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.controller.core.Rental.Hold;
import dev.salvor.controller.core.Rental.JobState;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class FoldTest {
  @Test
  void a_fact_about_something_unknown_changes_nothing() {
    Story story = Story.begin();
    RunState before = story.state();
    story.seen(ONE, checkpoint(ONE, 1, 1, 10)).joined(ONE, 1).ended(ONE, 1, 0, "done");
    story.fact(new Fact.Settled(story.now(), 99, new Outcome.Done()));
    assertThat(story.state()).isEqualTo(before);
  }

  @Test
  void what_a_box_says_twice_counts_once() {
    Story story = Story.begin().rented(ONE).trains(ONE, 1).seen(ONE, checkpoint(ONE, 1, 1, 10));
    RunState once = story.state();
    story.seen(ONE, checkpoint(ONE, 1, 1, 10));
    assertThat(story.state()).isEqualTo(once);
    story.ended(ONE, 1, 0, "done").quiesced(ONE, 1, 1);
    RunState quiet = story.state();
    assertThat(story.quiesced(ONE, 1, 1).state()).isEqualTo(quiet);
  }

  @Test
  void the_past_of_an_older_boot_does_not_touch_the_job_of_the_newer() {
    Story story = Story.begin().rented(ONE).trains(ONE, 1).trains(ONE, 2);
    story.ended(ONE, 1, 137, "killed");
    assertThat(story.rental(ONE).job()).isInstanceOf(JobState.Running.class);
  }

  @Test
  void a_creation_whose_answer_was_lost_is_unclear_until_the_list_tells() {
    Story story = Story.begin().asked(ONE).settle(new Outcome.Unclear("no answer"));
    assertThat(story.rental(ONE).hold()).isInstanceOf(Hold.Unclear.class);
    assertThat(story.state().current()).isPresent();
    Story found = story.fact(new Fact.RentalFound(story.now(), ONE, Story.instance(ONE)));
    assertThat(found.rental(ONE).hold()).isEqualTo(new Hold.Held(Story.instance(ONE)));
  }

  @Test
  void the_frontier_never_moves_back() {
    Story story = Story.begin().rented(ONE).trains(ONE, 1);
    story.safe(ONE, checkpoint(ONE, 1, 2, 200)).safe(ONE, checkpoint(ONE, 1, 1, 100));
    assertThat(story.state().cargo().frontier())
        .isEqualTo(new Cargo.Frontier.At(checkpoint(ONE, 1, 2, 200).id(), 200));
  }

  @Test
  void what_an_older_generation_brings_home_late_is_kept_aside() {
    Story story =
        Story.begin().rented(ONE).trains(ONE, 1).seen(ONE, checkpoint(ONE, 1, 1, 500)).outbid(ONE);
    story.rented(TWO).trains(TWO, 1).safe(TWO, checkpoint(TWO, 1, 1, 100));
    story.rescued(ONE, true, checkpoint(ONE, 1, 1, 500));
    assertThat(story.state().cargo().frontier())
        .isEqualTo(new Cargo.Frontier.At(checkpoint(TWO, 1, 1, 100).id(), 100));
    assertThat(story.state().cargo().unsafe(ONE)).isEmpty();
  }

  @Test
  void a_receipt_counts_also_when_nobody_waits_for_it_any_more() {
    Story story = Story.begin().rented(ONE).trains(ONE, 1).seen(ONE, checkpoint(ONE, 1, 1, 10));
    story.fact(
        new Fact.Settled(
            story.now(), 77, new Outcome.Landed(Story.receipt(checkpoint(ONE, 1, 1, 10)))));
    assertThat(story.state().cargo().unsafe(ONE)).isEmpty();
  }

  @Test
  void a_lost_box_ends_what_was_under_way_on_it() {
    Story story = Story.begin().rented(ONE).trains(ONE, 1).seen(ONE, checkpoint(ONE, 1, 1, 10));
    story.intend(new Effect.CopyOut(ONE, checkpoint(ONE, 1, 1, 10))).outbid(ONE);
    assertThat(story.state().open()).isEmpty();
    assertThat(story.rental(ONE).job()).isInstanceOf(JobState.Idle.class);
  }

  @Test
  void a_stop_that_was_accepted_rests_until_a_sweep_can_show_it() {
    Story story = Story.begin().rented(ONE).intend(new Effect.Stop(ONE, Story.instance(ONE)));
    story.settle(new Outcome.Done());
    assertThat(story.rental(ONE).marks().notBefore()).isAfter(story.now().plusSeconds(5));
  }

  @Test
  void the_meter_adds_up_over_changes_of_burn() {
    Story story = Story.begin().rented(ONE).after(Duration.ofHours(1)).outbid(ONE);
    story.after(Duration.ofHours(10));
    assertThat(story.state().spent(story.now()).dollars()).isEqualTo(0.3 + 10 * 0.01);
  }

  @Test
  void an_announcement_is_made_once_and_can_be_acknowledged() {
    Story story = Story.begin();
    story.fact(new Fact.Announced(story.now(), "key", "what", "next"));
    story.fact(new Fact.Announced(story.now(), "key", "what", "next"));
    assertThat(story.state().notices()).hasSize(1);
    story.fact(new Fact.NoticeAcknowledged(story.now(), 1));
    assertThat(story.state().notices()).allMatch(RunState.Notice::acknowledged);
  }

  @Test
  void a_halted_run_can_still_be_brought_home() {
    Story story = Story.begin().rented(ONE).fact(new Fact.HaltAsked(Story.BEGIN, "the user"));
    story.fact(new Fact.RunEnded(story.now(), Fact.Ending.PARKED, "halted"));
    story.fact(new Fact.WindDownAsked(story.now(), "the user"));
    assertThat(story.state().will()).isInstanceOf(RunState.Will.WindDown.class);
    assertThat(story.state().over()).isFalse();
  }

  @Test
  void a_job_that_ended_well_is_not_forgotten_when_its_box_comes_back() {
    Story story = Story.begin().rented(ONE).trains(ONE, 1).ended(ONE, 1, 0, "done").joined(ONE, 2);
    assertThat(story.rental(ONE).job()).isInstanceOf(JobState.Ended.class);
    Story failed =
        Story.begin().rented(ONE).trains(ONE, 1).ended(ONE, 1, 137, "killed").joined(ONE, 2);
    assertThat(failed.rental(ONE).job()).isInstanceOf(JobState.Idle.class);
  }

  @Test
  void what_was_thought_gone_and_is_listed_again_is_held_and_may_be_erased_again() {
    Story story = Story.begin().rented(ONE).joined(ONE, 1);
    Permits.Ruling ruling = Permits.rule(story.state(), ONE, story.now());
    story.intend(new Effect.Destroy(((Permits.Ruling.Granted) ruling).terms()));
    story.settle(new Outcome.Done()).saw(ONE, Sight.Status.GONE, Sight.Wanted.STOPPED);
    assertThat(story.rental(ONE).mayExist()).isFalse();
    story.fact(new Fact.RentalFound(story.now(), ONE, Story.instance(ONE)));
    assertThat(story.rental(ONE).held()).isTrue();
    assertThat(story.rental(ONE).marks().eraseAccepted()).isFalse();
  }
}
