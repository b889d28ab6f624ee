package dev.salvor.controller.core;

import static dev.salvor.controller.core.Story.ONE;
import static dev.salvor.controller.core.Story.TWO;
import static dev.salvor.controller.core.Story.checkpoint;
import static dev.salvor.controller.core.Story.results;
import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.unit.UsdPerHour;
import dev.salvor.controller.core.Rental.JobState;
import dev.salvor.controller.core.Rental.Quiet;
import dev.salvor.controller.core.Rental.Salvage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What becomes of open effects and of a box's job when boxes come, go, and fail at what they were
/// told.
class FoldOrdersTest {
  private static final Unit UNIT = checkpoint(ONE, 1, 1, 100);

  @Test
  void what_was_under_way_on_a_box_ends_with_it_and_what_concerns_its_disk_goes_on() {
    List<Effect> ends =
        List.of(
            new Effect.Tell(ONE, 1, new AgentOrder.Quiesce()),
            new Effect.CopyOut(ONE, UNIT),
            new Effect.Prepare(ONE, Story.instance(ONE)));
    List<Effect> goesOn =
        List.of(
            new Effect.Search(),
            new Effect.Create(TWO, Story.offer(21, 0.5), UsdPerHour.of(0.3), true),
            new Effect.Stop(ONE, Story.instance(ONE)),
            new Effect.Raise(ONE, Story.instance(ONE), UsdPerHour.of(0.4)),
            new Effect.Destroy(terms()),
            new Effect.ReadLog(ONE, Story.instance(ONE)),
            new Effect.Withdraw(new UnitPermit.Terms(UNIT.id(), List.of(UNIT.id()), Story.BEGIN)),
            new Effect.Prune(prune()),
            new Effect.Rescue(ONE, Story.instance(ONE)),
            new Effect.Tell(TWO, 1, new AgentOrder.Quiesce()),
            new Effect.CopyOut(TWO, UNIT),
            new Effect.Prepare(TWO, Story.instance(TWO)));
    Story story = Story.begin().rented(ONE).trains(ONE, 1);
    ends.forEach(story::intend);
    goesOn.forEach(story::intend);

    story.verdict(ONE, new Verdict.Suspect("silent"));
    assertThat(story.state().open()).hasSize(ends.size() + goesOn.size());
    story.verdict(ONE, new Verdict.Lost(Verdict.Cause.OUTBID, "outbid"));

    assertThat(story.state().open().values().stream().map(RunState.Intent::effect))
        .containsExactlyElementsOf(goesOn);
  }

  private static PrunePermit.Terms prune() {
    return new PrunePermit.Terms(ONE, 1, UNIT.id(), List.of(UNIT.id()), Story.BEGIN);
  }

  private static Permit.Terms terms() {
    Story story = Story.begin().rented(ONE).joined(ONE, 1);
    return ((Permits.Ruling.Granted) Permits.rule(story.state(), ONE, story.now())).terms();
  }

  @Test
  void a_box_that_comes_anew_is_asked_again_for_its_copies_and_for_its_own_alone() {
    Story story = Story.begin().rented(ONE).trains(ONE, 1).intend(new Effect.CopyOut(ONE, UNIT));
    story.intend(new Effect.CopyOut(TWO, UNIT)).intend(new Effect.Search()).joined(ONE, 1);
    assertThat(story.state().open().values().stream().map(RunState.Intent::effect))
        .containsExactly(new Effect.CopyOut(TWO, UNIT), new Effect.Search());
  }

  @Test
  void the_end_of_a_run_ends_the_making_ready_of_boxes_and_nothing_else() {
    for (Fact end :
        List.of(new Fact.WindDownAsked(Story.BEGIN, "me"), new Fact.HaltAsked(Story.BEGIN, "me"))) {
      Story story = Story.begin().rented(ONE).intend(new Effect.Search());
      story.intend(new Effect.Prepare(ONE, Story.instance(ONE))).fact(end);
      assertThat(story.state().isOpen(Effect.Prepare.class)).isFalse();
      assertThat(story.state().isOpen(Effect.Search.class)).isTrue();
    }
  }

  @Test
  void a_rental_that_is_found_ends_the_question_after_it_and_no_other() {
    Story story = Story.begin().asked(ONE).asked(TWO).intend(new Effect.Search());
    story.fact(new Fact.RentalFound(story.now(), ONE, Story.instance(ONE)));
    assertThat(story.state().opened(Effect.Create.class))
        .singleElement()
        .matches(create -> create.rental().equals(TWO));
    assertThat(story.state().isOpen(Effect.Search.class)).isTrue();
  }

  @Test
  void an_order_that_came_back_undone_while_it_was_open_is_an_order_that_failed() {
    Story story = Story.begin().rented(ONE).joined(ONE, 1);
    story.intend(new Effect.Tell(ONE, 1, new AgentOrder.Proceed()));
    long effect = story.state().nextEffect() - 1;
    story.fact(new Fact.OrderFailed(story.now(), ONE, effect, "no such directory"));
    assertThat(story.state().open()).isEmpty();
    assertThat(story.rental(ONE).aboard().told()).isZero();
    assertThat(story.rental(ONE).marks().notBefore()).isEqualTo(story.now().plusSeconds(4));
  }

  @Test
  void one_that_came_back_later_is_made_again_after_ten_seconds_unless_the_job_runs() {
    Story idle = Story.begin().rented(ONE).joined(ONE, 1);
    idle.intend(new Effect.Tell(ONE, 1, new AgentOrder.Proceed())).settle(new Outcome.Done());
    assertThat(idle.rental(ONE).aboard().told()).isEqualTo(1);
    idle.fact(new Fact.OrderFailed(idle.now(), ONE, 1, "restore failed"));
    assertThat(idle.rental(ONE).aboard().told()).isZero();
    assertThat(idle.rental(ONE).marks().notBefore()).isEqualTo(idle.now().plusSeconds(10));

    Story runs = Story.begin().rented(ONE).trains(ONE, 1);
    runs.fact(new Fact.OrderFailed(runs.now(), ONE, 1, "the job does not listen"));
    assertThat(runs.rental(ONE).aboard().told()).isEqualTo(1);
    assertThat(runs.rental(ONE).job()).isInstanceOf(JobState.Running.class);
    assertThat(runs.rental(ONE).marks().notBefore()).isEqualTo(runs.now().plusSeconds(10));
  }

  @Test
  void an_order_of_a_later_boot_that_did_not_arrive_leaves_what_the_earlier_was_told() {
    Story story = Story.begin().rented(ONE).trains(ONE, 1).joined(ONE, 2);
    story.intend(new Effect.Tell(ONE, 2, new AgentOrder.Proceed()));
    story.settle(new Outcome.Failed("cut", true));
    assertThat(story.rental(ONE).aboard().told()).isEqualTo(1);
    assertThat(story.rental(ONE).aboard().proceeded()).isEqualTo(1);
  }

  @Test
  void news_of_a_boot_that_is_over_is_no_news() {
    Story story = Story.begin().rented(ONE).trains(ONE, 2);
    RunState before = story.state();
    story.fact(new Fact.AgentJoined(story.now(), ONE, 1, true, true));
    story.fact(new Fact.JobStarted(story.now(), ONE, 1));
    assertThat(story.state()).isEqualTo(before);
  }

  @Test
  void an_agent_that_comes_back_on_its_boot_changes_neither_job_nor_position() {
    Story story = Story.begin().rented(ONE).trains(ONE, 1).seen(ONE, UNIT);
    Rental before = story.rental(ONE);
    story.fact(new Fact.AgentJoined(story.now(), ONE, 1, true, true));
    assertThat(story.rental(ONE)).isEqualTo(before);
    story.fact(new Fact.AgentJoined(story.now(), ONE, 2, false, false));
    assertThat(story.rental(ONE).position()).isZero();
    assertThat(story.rental(ONE).job()).isEqualTo(new JobState.Idle());
    assertThat(story.rental(ONE).aboard().start()).isZero();
  }

  @Test
  void what_a_box_says_it_was_told_is_believed() {
    Story story = Story.begin().rented(ONE);
    story.fact(new Fact.AgentJoined(story.now(), ONE, 1, false, true));
    assertThat(story.rental(ONE).aboard().told()).isEqualTo(1);
    story.fact(new Fact.AgentJoined(story.now(), ONE, 1, false, false));
    assertThat(story.rental(ONE).aboard().told()).as("its disk was set back").isZero();
    story.fact(new Fact.AgentJoined(story.now(), ONE, 2, true, false));
    assertThat(story.rental(ONE).job()).isEqualTo(new JobState.Running(2, story.now()));
    assertThat(story.rental(ONE).aboard().disk()).isEqualTo(Disk.OWN);
  }

  @Test
  void a_job_that_ended_is_not_started_by_late_news_of_its_own_start() {
    Story story = Story.begin().rented(ONE).trains(ONE, 1).ended(ONE, 1, 1, "user-error");
    RunState before = story.state();
    story.fact(new Fact.JobStarted(story.now(), ONE, 1));
    assertThat(story.state()).isEqualTo(before);
    story.fact(new Fact.JobStarted(story.now(), ONE, 1, 2));
    assertThat(story.rental(ONE).job()).isInstanceOf(JobState.Running.class);
    RunState again = story.state();
    story.fact(new Fact.JobStarted(story.now(), ONE, 1, 1));
    assertThat(story.state()).as("an earlier start").isEqualTo(again);
  }

  @Test
  void a_unit_that_was_told_before_does_not_make_a_quiet_box_loud() {
    Story story = Story.begin().rented(ONE).trains(ONE, 1).seen(ONE, UNIT).ended(ONE, 1, 0, "done");
    story.quiesced(ONE, 1, 1).seen(ONE, UNIT);
    assertThat(story.rental(ONE).quiet()).isEqualTo(new Quiet.At(1, 1, true));
    story.seen(ONE, checkpoint(ONE, 1, 2, 200));
    assertThat(story.rental(ONE).quiet()).isEqualTo(new Quiet.No());
    assertThat(story.rental(ONE).position()).isEqualTo(2);
  }

  @Test
  void a_checkpoint_is_wanted_from_the_present_box_and_once() {
    Story none = Story.begin();
    RunState before = none.state();
    assertThat(none.fact(new Fact.CheckpointAsked(none.now(), "me")).state()).isEqualTo(before);

    Story story = Story.begin().rented(ONE).trains(ONE, 1);
    story.fact(new Fact.CheckpointAsked(story.now(), "me"));
    story.fact(new Fact.CheckpointAsked(story.now(), "me"));
    assertThat(story.rental(ONE).aboard().asks()).isEqualTo(1);
    story.intend(new Effect.Tell(ONE, 1, new AgentOrder.AskCheckpoint()));
    assertThat(story.rental(ONE).aboard().asks()).isZero();
    assertThat(story.rental(ONE).aboard().askedAt()).isEqualTo(story.now());
  }

  @Test
  void giving_up_names_each_unit_and_keeps_the_rest() {
    Unit files = results(ONE, 1, 2);
    Story story = Story.begin().rented(ONE).trains(ONE, 1).seen(ONE, UNIT).seen(ONE, files);
    story.fact(new Fact.CargoGivenUp(story.now(), ONE, List.of(files.id()), "the results"));
    assertThat(story.state().cargo().unsafe(ONE))
        .extracting(Cargo.Stowed::unit)
        .containsExactly(UNIT);
  }

  @Test
  void a_disk_that_was_fetched_before_its_box_ran_again_is_fetched_anew() {
    Story story = Story.begin().rented(ONE).trains(ONE, 1).fenced(ONE).rescued(ONE, true);
    assertThat(story.rental(ONE).salvage())
        .matches(s -> s instanceof Salvage.Brought b && b.fenced());
    story.saw(ONE, Sight.Status.STOPPED, Sight.Wanted.STOPPED);
    assertThat(story.rental(ONE).salvage())
        .matches(s -> s instanceof Salvage.Brought b && b.fenced());
    story.saw(ONE, Sight.Status.STOPPED, Sight.Wanted.RUNNING);
    assertThat(story.rental(ONE).salvage())
        .as("it may have run between two looks")
        .matches(s -> s instanceof Salvage.Brought b && !b.fenced());
    story.saw(ONE, Sight.Status.RUNNING, Sight.Wanted.RUNNING);
    assertThat(story.rental(ONE).salvage()).isEqualTo(new Salvage.NotTried(0, story.now()));
  }

  @Test
  void how_each_task_ended_is_remembered_by_its_digest() {
    Story story = Story.begin().rented(ONE);
    RunState s = story.state();
    for (int i = 0; i < 3; i++) {
      s = Fold.fold(s, new Fact.TaskDone(story.now(), ONE, 1, "d" + i, "echo " + i, i));
    }
    assertThat(s.tasksDone()).containsEntry("d0", 0).containsEntry("d2", 2).hasSize(3);
  }

  @Test
  void what_only_says_what_was_thought_changes_nothing() {
    Story story = Story.begin().rented(ONE).trains(ONE, 1);
    RunState before = story.state();
    story.fact(new Fact.Decided(story.now(), "rule", "what", "why", List.of()));
    story.fact(new Fact.ControllerBack(story.now(), Story.BEGIN));
    story.fact(new Fact.RunRequested(story.now(), before.spec()));
    assertThat(story.state()).isEqualTo(before);
  }

  @Test
  void a_state_lasts_since_it_or_what_is_meant_changed() {
    Story story = Story.begin().rented(ONE);
    Instant first = story.now();
    story.after(Duration.ofMinutes(1)).saw(ONE, Sight.Status.RUNNING, Sight.Wanted.RUNNING);
    assertThat(story.rental(ONE).seen().statusSince()).as("nothing moved").isEqualTo(first);
    story.saw(ONE, Sight.Status.RUNNING, Sight.Wanted.STOPPED);
    assertThat(story.rental(ONE).seen().statusSince()).as("what is meant").isEqualTo(story.now());
    story.after(Duration.ofMinutes(1)).saw(ONE, Sight.Status.STOPPED, Sight.Wanted.STOPPED);
    Instant fenced = story.now();
    assertThat(story.rental(ONE).seen().statusSince()).isEqualTo(fenced);
    story.after(Duration.ofMinutes(1)).saw(ONE, Sight.Status.STOPPED, Sight.Wanted.STOPPED);
    assertThat(story.rental(ONE).seen().fencedSince()).isEqualTo(fenced);
    assertThat(story.rental(ONE).seen().agreed()).isEqualTo(UsdPerHour.of(0.3));
  }
}
