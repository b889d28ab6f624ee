package dev.salvor.agent.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.common.checkpoint.UnitId;
import java.util.List;
import org.junit.jupiter.api.Test;

final class JobRulesTest {
  private static final UnitId UNIT = Box.unit(1, 4).id();
  private static final UnitId OTHER = Box.unit(1, 3).id();
  private static final Order.Proceed PROCEED = new Order.Proceed(Box.JOB, new StartFrom.Disk());
  private static final JobEnd END = new JobEnd(77, 0, JobEnd.Cause.DONE, List.of("bye"));

  @Test
  void proceed_starts_the_job_after_the_memory_of_it_is_written() {
    Box box = Box.up().order("p1", PROCEED);

    List<Action> actions = box.actions();
    int save = index(actions, Action.Save.class);
    assertThat(save).isGreaterThanOrEqualTo(0).isLessThan(index(actions, Action.StartJob.class));
    assertThat(box.memory().assignment()).isInstanceOf(Assignment.Given.class);
  }

  @Test
  void the_same_order_again_does_nothing() {
    Box box = Box.running().order("p1", PROCEED);

    assertThat(box.actions(Action.StartJob.class)).isEmpty();
    assertThat(box.actions(Action.Save.class)).isEmpty();
  }

  @Test
  void another_proceed_does_not_start_a_second_job() {
    Box box = Box.running().order("p2", PROCEED);

    assertThat(box.actions(Action.StartJob.class)).isEmpty();
  }

  @Test
  void a_line_that_the_controller_wants_is_reported_of_this_start_only() {
    Box box = Box.running().on(new AgentEvent.LogMatched(1, 2, "NCCL error"));
    box.on(new AgentEvent.LogMatched(7, 2, "of a start that is over"));

    assertThat(box.spooled())
        .containsExactly(
            new Report.JobStarted(1, 77, false, 1), new Report.LogMatched(1, 1, 2, "NCCL error"));
  }

  @Test
  void job_that_ended_is_started_again_by_order_only_under_the_next_number() {
    Box box = Box.running().on(new AgentEvent.JobOver(END));
    assertThat(box.after(3_600_000).actions(Action.StartJob.class)).isEmpty();

    box.order("p2", PROCEED);

    assertThat(box.actions(Action.StartJob.class))
        .containsExactly(new Action.StartJob(Box.JOB, "", 2));
    int save = index(box.actions(), Action.Save.class);
    assertThat(save).isLessThan(index(box.actions(), Action.StartJob.class));
    assertThat(box.memory().job().start()).isEqualTo(2);
    box.on(new AgentEvent.JobUp(78, false, 2)).on(new AgentEvent.JobOver(END, 2));
    assertThat(box.spooled())
        .containsExactly(
            new Report.JobStarted(1, 77, false, 1),
            new Report.JobEnded(1, END, 1),
            new Report.JobStarted(1, 78, false, 2),
            new Report.JobEnded(1, END, 2));
  }

  @Test
  void reports_of_an_earlier_start_that_wait_in_the_spool_say_nothing_of_this_one() {
    Memory again = Box.running().on(new AgentEvent.JobOver(END)).order("p2", PROCEED).memory();
    AgentState.Spooled spool =
        new AgentState.Spooled(
            new Outbox(2, 0),
            List.of(new Report.JobStarted(1, 77, false, 1), new Report.JobEnded(1, END, 1)));

    Box box = new Box(1, again, spool).on(new AgentEvent.Started());
    box.on(new AgentEvent.JobAbsent());

    assertThat(box.actions(Action.StartJob.class))
        .containsExactly(new Action.StartJob(Box.JOB, "", 2));
  }

  @Test
  void late_news_of_an_earlier_start_does_not_end_this_one() {
    Memory ended = Box.running().on(new AgentEvent.JobOver(END)).memory();
    Box box = new Box(1, ended).on(new AgentEvent.Started());
    box.on(new AgentEvent.Welcomed(2000, 0)).order("p2", PROCEED);

    box.on(new AgentEvent.JobOver(END, 1));

    assertThat(box.spooled()).isEmpty();
    assertThat(box.state().job()).isInstanceOf(JobPhase.Starting.class);
  }

  @Test
  void job_goes_on_from_the_newest_checkpoint_of_its_disk() {
    Box box = Box.running();
    box.on(new AgentEvent.UnitsFound(List.of(Box.unit(1, 1))));
    box.on(new AgentEvent.JobOver(END)).order("p2", PROCEED);

    assertThat(box.actions(Action.StartJob.class))
        .containsExactly(new Action.StartJob(Box.JOB, "/work/ckpt", 2));
  }

  @Test
  void task_that_is_done_is_reported_once() {
    Box box = Box.running();
    box.on(new AgentEvent.TaskFinished("aa", "prepare"));
    box.on(new AgentEvent.TaskFinished("aa", "prepare"));

    assertThat(box.spooled()).containsOnlyOnce(new Report.TaskDone(1, "aa", "prepare"));
    Box later = new Box(1, box.memory()).on(new AgentEvent.Started());
    later.on(new AgentEvent.TaskFinished("aa", "prepare"));
    assertThat(later.spooled()).isEmpty();
  }

  @Test
  void proceed_that_overtakes_the_search_starts_one_job() {
    Box box = new Box(1).on(new AgentEvent.Started()).on(new AgentEvent.Welcomed(2000, 0));
    box.order("p1", PROCEED);
    assertThat(box.actions(Action.StartJob.class)).hasSize(1);

    box.on(new AgentEvent.JobAbsent());

    assertThat(box.actions(Action.StartJob.class)).isEmpty();
  }

  @Test
  void restore_comes_first_and_the_job_learns_where() {
    Box box =
        Box.up().order("p1", new Order.Proceed(Box.JOB, new StartFrom.Unit(UNIT, List.of(OTHER))));
    assertThat(box.actions(Action.Restore.class))
        .containsExactly(new Action.Restore(UNIT, List.of(OTHER)));
    assertThat(box.actions(Action.StartJob.class)).isEmpty();

    box.on(new AgentEvent.RestoreDone(UNIT, "/work/ckpt/step-400"));

    assertThat(box.spooled()).containsExactly(new Report.Restored(UNIT));
    assertThat(box.actions(Action.StartJob.class))
        .containsExactly(new Action.StartJob(Box.JOB, "/work/ckpt/step-400", 1));
  }

  @Test
  void restore_is_tried_three_times_and_then_the_order_failed() {
    Box box =
        Box.up().order("p1", new Order.Proceed(Box.JOB, new StartFrom.Unit(UNIT, List.of(OTHER))));
    for (int attempt = 1; attempt < 3; attempt++) {
      box.on(new AgentEvent.RestoreFailed("no route"));
      assertThat(box.spooled()).isEmpty();
      box.after(JobRules.RESTORE_PAUSE_MS);
      assertThat(box.actions(Action.Restore.class)).hasSize(1);
    }

    box.on(new AgentEvent.RestoreFailed("no route"));

    assertThat(box.spooled()).containsExactly(new Report.OrderFailed("p1", "no route"));
    box.order("p2", PROCEED);
    assertThat(box.actions(Action.StartJob.class)).hasSize(1);
  }

  @Test
  void start_and_end_are_reported_once_over_restarts_of_the_agent() {
    Box first = Box.running();
    Box second = new Box(1, first.memory()).on(new AgentEvent.Started());
    second.on(new AgentEvent.JobUp(77, true)).on(new AgentEvent.JobOver(END));
    assertThat(second.spooled()).containsExactly(new Report.JobEnded(1, END));

    Box third = new Box(1, second.memory()).on(new AgentEvent.Started());
    third.on(new AgentEvent.JobOver(END));

    assertThat(third.spooled()).isEmpty();
  }

  @Test
  void report_that_reached_the_spool_but_not_the_memory_is_not_made_again() {
    Memory behind = Box.up().order("p1", PROCEED).memory();
    AgentState.Spooled spool =
        new AgentState.Spooled(new Outbox(1, 0), List.of(new Report.JobStarted(1, 77, false)));

    Box box = new Box(1, behind, spool).on(new AgentEvent.Started());
    box.on(new AgentEvent.JobUp(77, true));

    assertThat(box.spooled()).isEmpty();
  }

  @Test
  void agent_that_died_before_it_started_the_job_starts_it_after_its_restart() {
    Memory proceeded = Box.up().order("p1", PROCEED).memory();

    Box box = new Box(1, proceeded).on(new AgentEvent.Started()).on(new AgentEvent.JobAbsent());

    assertThat(box.actions(Action.StartJob.class)).hasSize(1);
  }

  @Test
  void first_boot_never_starts_alone() {
    Box box = new Box(1).on(new AgentEvent.Started()).on(new AgentEvent.JobAbsent());

    box.after(3_600_000);

    assertThat(box.actions(Action.StartJob.class)).isEmpty();
  }

  @Test
  void second_boot_starts_alone_after_a_minute_without_any_controller() {
    Box box = secondBoot(Box.running().memory());
    assertThat(box.after(59_999).actions(Action.StartJob.class)).isEmpty();

    box.after(1);

    assertThat(box.actions(Action.StartJob.class))
        .containsExactly(new Action.StartJob(Box.JOB, "", 1));
  }

  @Test
  void second_boot_waits_while_a_controller_answers() {
    Box box = secondBoot(Box.running().memory());
    box.after(50_000).on(new AgentEvent.Welcomed(2000, 1));
    for (int i = 0; i < 100; i++) {
      box.on(new AgentEvent.BeatHeard(2000, 0, 0));
      assertThat(box.after(1_000).actions(Action.StartJob.class)).isEmpty();
    }
  }

  @Test
  void fenced_box_stops_its_job_and_never_starts_one_not_even_on_the_next_boot() {
    Box box = Box.running().order("f1", new Order.Fenced("generation 2 is current"));
    assertThat(box.actions(Action.StopJob.class)).hasSize(1);
    assertThat(box.actions(Action.Exit.class)).isEmpty();

    Box next = secondBoot(box.memory());
    next.after(120_000);

    assertThat(next.actions(Action.StartJob.class)).isEmpty();
  }

  @Test
  void job_that_is_done_or_was_quiesced_is_not_started_alone_on_the_next_boot() {
    Box done = secondBoot(Box.running().on(new AgentEvent.JobOver(END)).memory());
    assertThat(done.after(120_000).actions(Action.StartJob.class)).isEmpty();

    Box quiet = secondBoot(Box.running().order("q1", new Order.Quiesce()).memory());
    assertThat(quiet.after(120_000).actions(Action.StartJob.class)).isEmpty();
    quiet.on(new AgentEvent.Welcomed(2000, 1)).order("p2", PROCEED);
    assertThat(quiet.actions(Action.StartJob.class)).hasSize(1);
  }

  @Test
  void quiesced_box_does_not_start_alone() {
    Box box = secondBoot(Box.running().memory());
    box.on(new AgentEvent.Welcomed(2000, 1)).order("q1", new Order.Quiesce());
    box.on(new AgentEvent.LinkLost("gone"));

    box.after(120_000);

    assertThat(box.actions(Action.StartJob.class)).isEmpty();
  }

  @Test
  void stop_goes_to_the_running_job_and_reports_come_with_its_end() {
    Box box = Box.running().order("s1", new Order.StopJob(5_000));
    assertThat(box.actions(Action.StopJob.class)).containsExactly(new Action.StopJob(5_000));

    box.on(new AgentEvent.JobOver(new JobEnd(77, 143, JobEnd.Cause.STOPPED, List.of())));

    assertThat(box.spooled().getLast()).isInstanceOf(Report.JobEnded.class);
  }

  @Test
  void job_that_vanished_without_a_trace_was_killed() {
    Box box = new Box(1, Box.running().memory()).on(new AgentEvent.Started());

    box.on(new AgentEvent.JobAbsent());

    Report.JobEnded ended = (Report.JobEnded) box.spooled().getLast();
    assertThat(ended.end().cause()).isEqualTo(JobEnd.Cause.KILLED);
  }

  private static Box secondBoot(Memory memory) {
    AgentState.Spooled spool = new AgentState.Spooled(new Outbox(9, 1), List.of());
    Box box = new Box(2, memory, spool).on(new AgentEvent.Started());
    return box.on(new AgentEvent.JobAbsent());
  }

  private static int index(List<Action> actions, Class<? extends Action> kind) {
    for (int i = 0; i < actions.size(); i++) {
      if (kind.isInstance(actions.get(i))) {
        return i;
      }
    }
    return -1;
  }
}
