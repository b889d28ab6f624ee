package dev.salvor.controller.core;

import static dev.salvor.controller.core.Story.ONE;
import static dev.salvor.controller.core.Story.TWO;
import static dev.salvor.controller.core.Story.checkpoint;
import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.unit.InstanceId;
import dev.salvor.common.unit.MachineId;
import dev.salvor.common.unit.UsdPerHour;
import dev.salvor.controller.core.Rental.Hold;
import dev.salvor.controller.core.Rental.Salvage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What each answer to an effect does, the wrong ones too: a worker that answers nonsense costs a
/// pause, and never a box or a checkpoint.
class OutcomesTest {
  private static final Unit UNIT = checkpoint(ONE, 1, 1, 100);
  private static final String WRONG = "an answer of the wrong kind";

  /// One of each kind.
  private static final List<Outcome> ALL =
      List.of(
          new Outcome.Done(),
          new Outcome.Offers(List.of(Story.offer(90, 0.4))),
          new Outcome.Created(new InstanceId(4711)),
          new Outcome.Refused("no"),
          new Outcome.Unclear("lost"),
          new Outcome.Said(List.of("line")),
          new Outcome.Landed(Story.receipt(UNIT)),
          new Outcome.Rescued(List.of(), true, List.of()),
          new Outcome.Failed("broke", true));

  @Test
  void a_search_that_is_answered_by_anything_but_offers_is_made_again_later() {
    for (Outcome outcome : ALL) {
      Story story = Story.begin().intend(new Effect.Search()).settle(outcome);
      RunState.Market m = story.state().market();
      assertThat(story.state().open()).isEmpty();
      if (outcome instanceof Outcome.Offers) {
        assertThat(m.offers()).hasSize(1);
        assertThat(m.failures()).isZero();
        assertThat(m.searchedAt()).isEqualTo(story.now());
      } else {
        assertThat(m.trouble()).isEqualTo(outcome instanceof Outcome.Failed ? "broke" : WRONG);
        assertThat(m.failures()).isEqualTo(1);
        assertThat(m.notBefore()).isEqualTo(story.now().plusSeconds(2));
      }
    }
    Story none = Story.begin().offers();
    assertThat(none.state().market().trouble()).isEqualTo("no offer fits the query");
  }

  @Test
  void searches_that_fail_in_a_row_are_made_ever_more_slowly_up_to_a_minute() {
    Story story = Story.begin();
    for (long seconds : new long[] {2, 4, 8, 16, 32, 60, 60}) {
      story.intend(new Effect.Search()).settle(new Outcome.Failed("broke", true));
      assertThat(story.state().market().notBefore()).isEqualTo(story.now().plusSeconds(seconds));
    }
    story.offers(Story.offer(90, 0.4));
    assertThat(story.state().market().notBefore()).isEqualTo(story.now());
  }

  @Test
  void a_creation_is_only_known_by_an_answer_to_it() {
    for (Outcome outcome : ALL) {
      Story story = Story.begin().asked(ONE).settle(outcome);
      Hold expected =
          switch (outcome) {
            case Outcome.Created made -> new Hold.Held(made.instance());
            case Outcome.Refused no -> new Hold.Never(no.why());
            case Outcome.Failed no -> new Hold.Never(no.why());
            case Outcome.Unclear lost -> new Hold.Unclear(lost.why());
            case Outcome.Done _,
                Outcome.Offers _,
                Outcome.Said _,
                Outcome.Landed _,
                Outcome.Rescued _ ->
                new Hold.Unclear(WRONG);
          };
      assertThat(story.rental(ONE).hold()).isEqualTo(expected);
      boolean blamed = outcome instanceof Outcome.Refused;
      assertThat(story.state().market().avoid().contains(new MachineId(11))).isEqualTo(blamed);
    }
  }

  @Test
  void a_box_that_the_list_showed_first_is_not_lost_again_to_a_late_answer() {
    Story story = Story.begin().asked(ONE);
    story.fact(new Fact.RentalFound(story.now(), ONE, Story.instance(ONE)));
    story.fact(new Fact.Settled(story.now(), 1, new Outcome.Refused("no")));
    assertThat(story.rental(ONE).hold()).isEqualTo(new Hold.Held(Story.instance(ONE)));
  }

  @Test
  void a_disk_is_fit_only_by_the_word_for_it_and_whose_fault_it_is_is_kept_apart() {
    for (Outcome outcome : ALL) {
      Story story = Story.begin().rented(ONE);
      story.intend(new Effect.Prepare(ONE, Story.instance(ONE))).settle(outcome);
      Fit fit = story.rental(ONE).aboard().fit();
      boolean ours = outcome instanceof Outcome.Refused;
      Fit.Fault passing = ours ? Fit.Fault.OURS : Fit.Fault.PASSING;
      Fit.Fault fault = outcome instanceof Outcome.Done ? Fit.Fault.NONE : passing;
      assertThat(fit.made()).isEqualTo(outcome instanceof Outcome.Done);
      assertThat(fit.fault()).isEqualTo(fault);
      Duration rest = fit.made() ? Duration.ofMinutes(2) : Duration.ofSeconds(2);
      assertThat(fit.notBefore()).isEqualTo(story.now().plus(rest));
    }
    Story story = Story.begin().rented(ONE).intend(new Effect.Prepare(ONE, Story.instance(ONE)));
    story.settle(new Outcome.Failed("key refused", false));
    assertThat(story.rental(ONE).aboard().fit().fault()).isEqualTo(Fit.Fault.BOX);
  }

  @Test
  void a_login_is_tried_after_two_four_and_eight_seconds_and_then_every_eight() {
    Story story = Story.begin().rented(ONE);
    for (long seconds : new long[] {2, 4, 8, 8}) {
      story.intend(new Effect.Prepare(ONE, Story.instance(ONE)));
      story.settle(new Outcome.Failed("refused", true));
      assertThat(story.rental(ONE).aboard().fit().notBefore())
          .isEqualTo(story.now().plusSeconds(seconds));
    }
  }

  @Test
  void a_copy_is_home_by_its_receipt_alone() {
    for (Outcome outcome : ALL) {
      Story story = Story.begin().rented(ONE).trains(ONE, 1).seen(ONE, UNIT);
      story.intend(new Effect.CopyOut(ONE, UNIT)).settle(outcome);
      Cargo.Proof proof = story.state().cargo().on(ONE).findFirst().orElseThrow().proof();
      if (outcome instanceof Outcome.Landed) {
        assertThat(proof).isInstanceOf(Cargo.Proof.Proven.class);
      } else {
        assertThat(proof).isEqualTo(new Cargo.Proof.None(1, story.now().plusSeconds(2)));
      }
    }
  }

  @Test
  void a_copy_that_failed_after_its_unit_came_home_another_way_takes_nothing_back() {
    Story story = Story.begin().rented(ONE).trains(ONE, 1).safe(ONE, UNIT);
    RunState home = story.state();
    story.intend(new Effect.CopyOut(ONE, UNIT)).settle(new Outcome.Failed("cut", true));
    assertThat(story.state().cargo()).isEqualTo(home.cargo());
    RunState before = story.state();
    Fact twice = new Fact.Settled(story.now(), 999, new Outcome.Landed(Story.receipt(UNIT)));
    assertThat(Fold.fold(before, twice)).as("proven is proven").isEqualTo(before);
  }

  @Test
  void a_unit_that_comes_home_ends_every_copy_of_it_and_of_it_alone() {
    Unit other = checkpoint(ONE, 1, 2, 200);
    Story story = Story.begin().rented(ONE).trains(ONE, 1).seen(ONE, UNIT).seen(ONE, other);
    story.intend(new Effect.CopyOut(ONE, UNIT)).intend(new Effect.CopyOut(ONE, other));
    story.intend(new Effect.Search());
    story.fact(new Fact.Settled(story.now(), 999, new Outcome.Landed(Story.receipt(UNIT))));
    assertThat(story.state().opened(Effect.CopyOut.class))
        .containsExactly(new Effect.CopyOut(ONE, other));
    assertThat(story.state().isOpen(Effect.Search.class)).isTrue();
    assertThat(story.state().isOpen(Effect.Rescue.class)).isFalse();
  }

  @Test
  void a_rescue_that_failed_is_made_again_soon_and_after_the_third_time_much_later() {
    Story story = Story.begin().rented(ONE).trains(ONE, 1).outbid(ONE);
    for (int failures = 1; failures <= 2; failures++) {
      rescueFails(story, new Outcome.Failed("cut", true));
      assertThat(story.rental(ONE).salvage())
          .isEqualTo(new Salvage.NotTried(failures, story.now().plusSeconds(1L << failures)));
    }
    rescueFails(story, new Outcome.Failed("cut", true));
    assertThat(story.rental(ONE).salvage()).isEqualTo(tired("cut", story.now()));
  }

  @Test
  void a_rescue_that_can_never_work_or_is_answered_by_nonsense_is_not_made_again_soon() {
    for (Outcome outcome : ALL) {
      Story story = Story.begin().rented(ONE).trains(ONE, 1).outbid(ONE);
      Instant begun = story.now();
      rescueFails(story, outcome);
      Salvage salvage = story.rental(ONE).salvage();
      if (outcome instanceof Outcome.Rescued) {
        assertThat(salvage).isEqualTo(new Salvage.Brought(true, false, 1, begun));
      } else if (outcome instanceof Outcome.Failed) {
        assertThat(salvage).isEqualTo(new Salvage.NotTried(1, begun.plusSeconds(2)));
      } else {
        assertThat(salvage).isEqualTo(tired(WRONG, begun));
      }
    }
    Story never = Story.begin().rented(ONE).trains(ONE, 1).outbid(ONE);
    rescueFails(never, new Outcome.Failed("no rsync", false));
    assertThat(never.rental(ONE).salvage()).isEqualTo(tired("no rsync", never.now()));
  }

  @Test
  void a_rescue_that_was_overtaken_by_a_start_or_a_stop_is_no_failure_of_the_disk() {
    for (boolean retryable : new boolean[] {true, false}) {
      Story story = Story.begin().rented(ONE).trains(ONE, 1).outbid(ONE);
      story.intend(new Effect.Rescue(ONE, Story.instance(ONE)));
      story.after(Duration.ofSeconds(5)).saw(ONE, Sight.Status.RUNNING, Sight.Wanted.RUNNING);
      story.after(Duration.ofSeconds(5)).settle(new Outcome.Failed("cut", retryable));
      assertThat(story.rental(ONE).salvage())
          .isEqualTo(new Salvage.NotTried(0, story.now().plusSeconds(2)));
    }
  }

  private static void rescueFails(Story story, Outcome outcome) {
    story.intend(new Effect.Rescue(ONE, Story.instance(ONE))).settle(outcome);
  }

  private static Salvage tired(String why, Instant at) {
    return new Salvage.GivenUp(why, at.plus(Duration.ofMinutes(10)));
  }

  @Test
  void an_erasure_that_failed_is_made_again_after_eight_sixteen_and_more_seconds() {
    Story story = Story.begin().rented(ONE).joined(ONE, 1);
    var terms = ((Permits.Ruling.Granted) Permits.rule(story.state(), ONE, story.now())).terms();
    for (long seconds : new long[] {8, 16, 32, 60}) {
      story.intend(new Effect.Destroy(terms)).settle(new Outcome.Failed("503", true));
      assertThat(story.rental(ONE).marks().notBefore()).isEqualTo(story.now().plusSeconds(seconds));
      assertThat(story.rental(ONE).marks().eraseAccepted()).isFalse();
    }
    assertThat(story.rental(ONE).marks().eraseFailures()).isEqualTo(4);
  }

  @Test
  void a_bid_that_was_not_taken_lets_the_next_arm_be_chosen_at_once() {
    Story story = Story.begin().rented(ONE).trains(ONE, 1).outbid(ONE);
    story.fact(new Fact.ArmChosen(story.now(), ONE, Arm.RAISE));
    Effect raise = new Effect.Raise(ONE, Story.instance(ONE), UsdPerHour.of(0.9));
    story.intend(raise).settle(new Outcome.Failed("503", true));
    assertThat(story.rental(ONE).marks().armAt()).isEqualTo(Instant.EPOCH);
    assertThat(story.rental(ONE).price()).isEqualTo(UsdPerHour.of(0.3));
    story.fact(new Fact.ArmChosen(story.now(), ONE, Arm.RAISE));
    story.intend(raise).settle(new Outcome.Done());
    assertThat(story.rental(ONE).marks().armAt()).isEqualTo(story.now());
    assertThat(story.rental(ONE).price()).isEqualTo(UsdPerHour.of(0.9));
  }

  @Test
  void only_an_order_to_start_that_arrived_counts_as_a_start() {
    List<AgentOrder> others =
        List.of(
            new AgentOrder.Quiesce(),
            new AgentOrder.StopJob(Duration.ofSeconds(5)),
            new AgentOrder.StopHung(Duration.ofSeconds(5)),
            new AgentOrder.AskCheckpoint(),
            new AgentOrder.Fence("newer"));
    for (AgentOrder order : others) {
      Story story = Story.begin().rented(ONE).joined(ONE, 1);
      story.intend(new Effect.Tell(ONE, 1, order)).settle(new Outcome.Done());
      assertThat(story.rental(ONE).aboard().proceeded()).isZero();
      assertThat(story.rental(ONE).aboard().disk()).isEqualTo(Disk.NEW);
      assertThat(story.rental(ONE).marks().notBefore()).isEqualTo(story.now().plusSeconds(4));
    }
    Story plain = told(new AgentOrder.Proceed(), new Outcome.Done());
    assertThat(plain.rental(ONE).aboard().proceeded()).isEqualTo(1);
    assertThat(plain.rental(ONE).aboard().disk()).isEqualTo(Disk.OWN);
    Story brought = told(new AgentOrder.ProceedFrom(UNIT.id(), List.of()), new Outcome.Done());
    assertThat(brought.rental(ONE).aboard().proceeded()).isEqualTo(1);
    assertThat(brought.rental(ONE).aboard().disk()).as("not whole yet").isEqualTo(Disk.TOLD);
    Story lost = told(new AgentOrder.Proceed(), new Outcome.Failed("cut", true));
    assertThat(lost.rental(ONE).aboard().told()).isZero();
    assertThat(lost.rental(ONE).aboard().proceeded()).isZero();
    assertThat(lost.rental(ONE).aboard().disk()).isEqualTo(Disk.TOLD);
  }

  private static Story told(AgentOrder order, Outcome outcome) {
    Story story = Story.begin().rented(ONE).joined(ONE, 1);
    return story.intend(new Effect.Tell(ONE, 1, order)).settle(outcome);
  }

  @Test
  void answers_about_a_box_that_nobody_knows_change_nothing_but_what_is_open() {
    for (Effect effect :
        List.of(
            new Effect.Rescue(TWO, Story.instance(TWO)),
            new Effect.CopyOut(TWO, checkpoint(TWO, 1, 1, 5)),
            new Effect.Stop(TWO, Story.instance(TWO)))) {
      Story story = Story.begin().rented(ONE);
      Cargo cargo = story.state().cargo();
      story.intend(effect).settle(new Outcome.Failed("cut", true));
      assertThat(story.state().rentals().keySet()).containsExactly(ONE);
      assertThat(story.state().cargo()).isEqualTo(cargo);
      assertThat(story.state().open()).isEmpty();
    }
  }
}
