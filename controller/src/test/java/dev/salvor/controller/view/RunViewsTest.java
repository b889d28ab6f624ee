package dev.salvor.controller.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.common.checkpoint.UnitId;
import dev.salvor.common.unit.Usd;
import dev.salvor.common.unit.UsdPerHour;
import dev.salvor.controller.core.Effect;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.core.Outcome;
import dev.salvor.controller.core.PrunePermit;
import dev.salvor.controller.core.RentalRef;
import dev.salvor.controller.core.Sight;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RunViewsTest {
  private static final RentalRef SECOND = new RentalRef(2, 1);

  @Test
  void a_training_run_shows_its_frontier_and_what_is_beyond_it() {
    Story story = Story.training("demo").after(4);
    RunView view = RunViews.of(story.snapshot(), story.now());
    assertThat(view.phase()).isEqualTo(Phase.TRAINING);
    assertThat(view.cargo().frontierStep()).isEqualTo(300);
    assertThat(view.cargo().receipt()).startsWith("target/g1-b1-c0001");
    assertThat(view.cargo().seen()).isEqualTo(2);
    assertThat(view.cargo().proven()).isEqualTo(1);
    // 412 - 300 steps; the step-300 checkpoint was seen 8 s ago; the one of step 400 is not home.
    assertThat(view.cargo().exposure()).isEqualTo(new CargoView.Exposure(112, 8, 1_200_000));
  }

  @Test
  void phases_follow_the_story() {
    Story story = Story.asked("demo");
    assertThat(phase(story)).isEqualTo(Phase.SEARCHING);
    story.rents(Story.FIRST, 7001);
    assertThat(phase(story)).isEqualTo(Phase.BOOTING);
    story.joins(Story.FIRST, 1);
    assertThat(phase(story)).isEqualTo(Phase.TRAINING);
    story.sight(Story.FIRST, Sight.Status.STOPPED, 0.01, "outbid");
    assertThat(phase(story)).isEqualTo(Phase.SUSPECT);
    story.lost(Story.FIRST);
    assertThat(phase(story)).isEqualTo(Phase.LOST);
    story.then(new Fact.WindDownAsked(story.now(), "Ctrl-C"));
    assertThat(phase(story)).isEqualTo(Phase.WINDING_DOWN);
    story.then(new Fact.HaltAsked(story.now(), "Ctrl-C"));
    assertThat(phase(story)).isEqualTo(Phase.HALTING);
    story.ends(Fact.Ending.PARKED, "the box is stopped");
    assertThat(phase(story)).isEqualTo(Phase.PARKED);
  }

  @Test
  void money_counts_what_was_spent_and_what_on_demand_would_have_cost() {
    Story story = Story.asked("demo").rents(Story.FIRST, 7001).after(3600);
    MoneyView money = RunViews.of(story.snapshot(), story.now()).money();
    assertThat(money.spent()).isEqualTo(Usd.of(0.12));
    assertThat(money.onDemand()).isEqualTo(Usd.of(0.4));
    assertThat(money.savedOnPrice()).isEqualTo(Usd.of(0.28));
    assertThat(money.burn().toString()).isEqualTo("$0.1200/h");
  }

  @Test
  void a_stopped_box_saves_nothing_more_on_the_price() {
    Story story = Story.asked("demo").rents(Story.FIRST, 7001).after(3600);
    story.sight(Story.FIRST, Sight.Status.STOPPED, 0.01, "exited").after(3600);
    MoneyView money = RunViews.of(story.snapshot(), story.now()).money();
    assertThat(money.onDemand()).isEqualTo(Usd.of(0.4));
    assertThat(money.spent()).isEqualTo(Usd.of(0.13));
  }

  @Test
  void a_lost_box_costs_the_steps_since_the_unit_it_went_on_from() {
    Story story = Story.training("demo").lost(Story.FIRST).after(5);
    story.rents(SECOND, 7002).restored(SECOND).joins(SECOND, 1);
    SummaryView summary = SummaryView.of(story.snapshot(), story.now());
    assertThat(summary.losses())
        .singleElement()
        .satisfies(loss -> {
          assertThat(loss.reachedStep()).isEqualTo(412);
          assertThat(loss.resumedAtStep()).isEqualTo(300);
          assertThat(loss.stepsLost()).isEqualTo(112);
        });
    // Two seconds of training reached step 300: what they cost was not paid twice.
    assertThat(summary.run().money().savedWork())
        .isEqualTo(UsdPerHour.of(0.12).over(Duration.ofSeconds(2)));
  }

  @Test
  void a_new_box_starts_where_it_goes_on_from_until_its_job_speaks() {
    Story story = Story.training("demo").lost(Story.FIRST).after(5);
    story.rents(SECOND, 7002).restored(SECOND).joins(SECOND, 1);
    RunView silent = RunViews.of(story.snapshot(), story.now());
    assertThat(silent.progress().step()).isEqualTo(300);
    assertThat(silent.cargo().exposure().steps()).isEqualTo(-1);
    story.beat(SECOND, 310, 2.2, "step 310");
    RunView speaking = RunViews.of(story.snapshot(), story.now());
    assertThat(speaking.progress().step()).isEqualTo(310);
    assertThat(speaking.cargo().exposure().steps()).isEqualTo(10);
  }

  @Test
  void a_summary_leaves_out_what_comes_again_and_again() {
    List<String> major =
        Timeline.of(
                Story.training("demo")
                    .then(new Fact.Decided(Story.START, "copy-out", "copy", "alone", List.of()))
                    .facts())
            .stream()
            .filter(event -> !event.minor())
            .map(EventView::text)
            .toList();
    assertThat(major)
        .containsExactly(
            "asked for: java CharLm.java",
            "rented instance 7001",
            "rental 1.1: running (\"running\")",
            "agent on rental 1.1, boot 1, joined",
            "job runs on rental 1.1, boot 1");
  }

  @Test
  void a_box_lost_for_good_has_not_resumed() {
    Story story = Story.training("demo").lost(Story.FIRST).after(5);
    SummaryView summary = SummaryView.of(story.snapshot(), story.now());
    assertThat(summary.losses().getFirst().resumedAtStep()).isEqualTo(-1);
    assertThat(summary.losses().getFirst().stepsLost()).isZero();
  }

  @Test
  void a_notice_stays_until_it_is_acknowledged() {
    Story story = Story.training("demo").announces("Instance 7001 burns $0.12/h.", "Destroy it.");
    assertThat(RunViews.notices(story.state())).hasSize(1);
    story.then(new Fact.NoticeAcknowledged(story.now(), 1));
    assertThat(RunViews.notices(story.state())).isEmpty();
  }

  @Test
  void the_timeline_tells_what_changes_something_for_people() {
    Story story = Story.training("demo").lost(Story.FIRST);
    story.decided("relaunch", "cheaper than waiting", "min bid $0.30/h");
    List<String> texts = Timeline.of(story.facts()).stream().map(EventView::text).toList();
    assertThat(texts)
        .containsExactly(
            "asked for: java CharLm.java",
            "rented instance 7001",
            "rental 1.1: running (\"running\")",
            "agent on rental 1.1, boot 1, joined",
            "rental 1.1 is alive",
            "job runs on rental 1.1, boot 1",
            "checkpoint at step 300 is complete on the box, 1.2 MB",
            "checkpoint at step 300 is home and verified",
            "checkpoint at step 400 is complete on the box, 1.2 MB",
            "rental 1.1: stopped (\"outbid\")",
            "rental 1.1 is lost (outbid): outbid by another",
            "relaunch: cheaper than waiting");
  }

  @Test
  void a_job_that_failed_says_its_last_lines() {
    Story story = Story.training("demo");
    story.then(
        new Fact.JobEnded(
            story.now(),
            Story.FIRST,
            1,
            3,
            "user-error",
            List.of("a", "b", "no such file", "boo")));
    assertThat(Timeline.of(story.facts()).getLast().text())
        .isEqualTo("job ended: exit status 3 (user-error); its last lines: b | no such file | boo");
  }

  @Test
  void what_went_from_a_short_disk_is_told_with_its_permit() {
    Story story = Story.training("demo");
    UnitId unit = story.state().cargo().units().keySet().iterator().next();
    story.then(new Fact.RoomShort(story.now(), Story.FIRST, 1, "/work", "inodes"));
    story.then(new Fact.Pruned(story.now(), Story.FIRST, unit));
    story.effect(
        new Effect.Prune(new PrunePermit.Terms(Story.FIRST, 1, unit, List.of(unit), story.now())));
    story.then(new Fact.Pruned(story.now(), Story.FIRST, unit));
    List<String> texts = Timeline.of(story.facts()).stream().map(EventView::text).toList();
    assertThat(texts)
        .endsWith(
            "rental 1.1: its disk at /work runs out of inodes",
            "checkpoint at step 300 is gone from the box of rental 1.1, unasked",
            "checkpoint at step 300 is gone from the box of rental 1.1, by permit; its copy is"
                + " kept");
    story.effect(
        new Effect.Prune(new PrunePermit.Terms(Story.FIRST, 1, unit, List.of(unit), story.now())));
    story.settle(new Outcome.Failed("a process has it open", true));
    assertThat(Timeline.of(story.facts()).getLast().text())
        .isEqualTo(
            "removing unit %s from its box failed, to be tried again: a process has it open"
                .formatted(unit));
  }

  @Test
  void the_same_status_twice_is_told_once() {
    Story story = Story.asked("demo").rents(Story.FIRST, 7001);
    int before = Timeline.of(story.facts()).size();
    story.sight(Story.FIRST, Sight.Status.RUNNING, 0.12, "running still");
    assertThat(Timeline.of(story.facts())).hasSize(before);
  }

  private static Phase phase(Story story) {
    return RunViews.of(story.snapshot(), story.now()).phase();
  }
}
