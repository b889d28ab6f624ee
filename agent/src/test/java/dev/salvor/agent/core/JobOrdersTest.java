package dev.salvor.agent.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.salvor.common.checkpoint.UnitId;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

/// What an order does in each phase of the job, and what becomes of a job that cannot be had.
final class JobOrdersTest {
  private static final UnitId UNIT = Box.unit(1, 4).id();
  private static final Order.Proceed PROCEED = new Order.Proceed(Box.JOB, new StartFrom.Disk());
  private static final Order.Proceed BROUGHT =
      new Order.Proceed(Box.JOB, new StartFrom.Unit(UNIT, List.of()));
  private static final JobEnd END = new JobEnd(77, 1, JobEnd.Cause.USER_ERROR, List.of());
  private static final JobEnd KILLED = new JobEnd(0, 137, JobEnd.Cause.KILLED, List.of());

  @Test
  void what_is_home_is_removed_where_a_catalog_knows_it_and_the_outcome_is_told() {
    Order.Prune prune = new Order.Prune(UNIT, List.of(Box.unit(1, 5).id()));
    Box box = Box.running().order("r1", prune);
    assertThat(box.actions(Action.Prune.class))
        .containsExactly(new Action.Prune("r1", UNIT, prune.stays()));
    box.on(new AgentEvent.UnitPruned(UNIT));
    assertThat(box.spooled()).contains(new Report.Pruned(UNIT));
    box.on(new AgentEvent.PruneFailed("r2", "it changed"));
    assertThat(box.spooled()).contains(new Report.OrderFailed("r2", "it changed"));

    Box bare = Box.up().order("r1", prune);
    assertThat(bare.actions(Action.Prune.class)).isEmpty();
    assertThat(bare.spooled())
        .contains(new Report.OrderFailed("r1", "no job was started here since the last boot"));
  }

  @Test
  void stop_ends_what_runs_may_run_or_is_about_to() {
    for (Box box : List.of(unknown(), Box.up().order("p1", PROCEED), Box.running())) {
      box.order("s1", new Order.StopJob(500));
      assertThat(box.actions(Action.StopJob.class)).containsExactly(new Action.StopJob(500));
      assertThat(box.memory().notes().held()).isTrue();
    }
  }

  @Test
  void stop_calls_off_what_is_being_prepared_and_its_late_answer_starts_nothing() {
    Box restoring = Box.up().order("p1", BROUGHT).order("s1", new Order.StopJob(500));
    assertThat(restoring.actions(Action.StopJob.class)).isEmpty();
    assertThat(restoring.state().job()).isEqualTo(new JobPhase.Idle());
    assertThat(restoring.memory().notes().proceeded()).isFalse();
    restoring.on(new AgentEvent.RestoreDone(UNIT, "/work/ckpt"));
    assertThat(restoring.actions(Action.StartJob.class)).isEmpty();
    restoring.on(new AgentEvent.RestoreFailed("late"));
    assertThat(restoring.state().job()).isEqualTo(new JobPhase.Idle());

    Box again = restoring.order("p2", PROCEED);
    assertThat(again.actions(Action.StartJob.class)).hasSize(1);
  }

  @Test
  void stop_of_a_box_without_a_job_stops_nothing() {
    Box ended = Box.running().on(new AgentEvent.JobOver(END));
    for (Box box : List.of(Box.up(), ended)) {
      assertThat(box.order("s1", new Order.StopJob(500)).actions(Action.StopJob.class)).isEmpty();
    }
  }

  @Test
  void fence_that_overtakes_the_start_ends_the_job_as_soon_as_it_is_up() {
    Box box = Box.up().order("p1", PROCEED).order("f1", new Order.Fenced("generation 2"));

    box.on(new AgentEvent.JobUp(77, false));

    assertThat(box.actions(Action.StopJob.class))
        .containsExactly(new Action.StopJob(OrderRules.FENCE_GRACE_MS, Action.StopWhy.FENCED));
    Box free = Box.up().order("p1", PROCEED).on(new AgentEvent.JobUp(77, false));
    assertThat(free.actions(Action.StopJob.class)).isEmpty();
  }

  @Test
  void job_that_cannot_be_started_is_the_orders_failure_and_waits_for_another() {
    Box box = Box.up().order("p1", PROCEED).on(new AgentEvent.JobRefused("no such directory"));

    assertThat(box.spooled()).containsExactly(new Report.OrderFailed("p1", "no such directory"));
    assertThat(box.state().job()).isEqualTo(new JobPhase.Idle());
    Box next = box.rebooted(0).on(new AgentEvent.JobAbsent());
    assertThat(next.after(2 * JobRules.UNANSWERED_MS).actions(Action.StartJob.class)).isEmpty();
    assertThat(box.order("p2", PROCEED).actions(Action.StartJob.class)).hasSize(1);
  }

  @Test
  void refusal_on_a_box_that_was_given_no_job_fails_no_order() {
    Box box = Box.up().on(new AgentEvent.JobRefused("nothing to start"));
    assertThat(box.spooled()).isEmpty();
  }

  @Test
  void unit_that_was_brought_once_is_not_brought_again_for_the_next_start_of_the_boot() {
    Box box = Box.up().order("p1", BROUGHT).on(new AgentEvent.RestoreDone(UNIT, "/work/ckpt"));
    box.on(new AgentEvent.JobUp(77, false));
    box.on(new AgentEvent.UnitsFound(List.of(Box.unit(1, 5))));
    box.on(new AgentEvent.JobOver(END)).order("p2", BROUGHT);

    assertThat(box.actions(Action.Restore.class)).isEmpty();
    assertThat(box.actions(Action.StartJob.class))
        .containsExactly(new Action.StartJob(Box.JOB, "/work/ckpt", 2));
  }

  @Test
  void restore_that_failed_for_good_keeps_the_box_from_starting_by_itself() {
    Box box = Box.up().order("p1", BROUGHT);
    for (int attempt = 1; attempt <= JobRules.RESTORE_TRIES; attempt++) {
      box.on(new AgentEvent.RestoreFailed("no route")).sleepAtMost(JobRules.RESTORE_PAUSE_MS);
      box.after(JobRules.RESTORE_PAUSE_MS);
    }
    assertThat(box.memory().notes().proceeded()).isFalse();
    assertThat(box.memory().notes().held()).isTrue();

    Box next = box.restarted(0).on(new AgentEvent.JobAbsent());

    assertThat(next.actions(Action.Restore.class)).isEmpty();
  }

  @Test
  void restore_is_tried_again_just_after_its_pause() {
    Box box = Box.up().order("p1", BROUGHT).on(new AgentEvent.RestoreFailed("no route"));
    assertThat(JobRules.wakeAt(box.state())).isEqualTo(box.now() + JobRules.RESTORE_PAUSE_MS);
    assertThat(box.after(JobRules.RESTORE_PAUSE_MS - 1).actions(Action.Restore.class)).isEmpty();
    assertThat(box.after(1).actions(Action.Restore.class)).hasSize(1);
    assertThat(JobRules.wakeAt(box.state())).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void start_without_an_order_is_remembered_before_it_is_made() {
    Box box = new Box(2, Box.running().memory()).on(new AgentEvent.Started());
    box.on(new AgentEvent.JobAbsent());
    assertThat(JobRules.wakeAt(box.state())).isEqualTo(JobRules.UNANSWERED_MS);
    box.after(JobRules.UNANSWERED_MS);
    assertThat(box.memory().notes().proceeded()).isTrue();

    Box again = new Box(2, box.memory()).on(new AgentEvent.Started());

    assertThat(again.on(new AgentEvent.JobAbsent()).actions(Action.StartJob.class)).hasSize(1);
  }

  @Test
  void box_that_may_not_start_alone_does_not_wake_for_it() {
    Lease never = new Lease(0, 3_600_000, 3_600_000, false, 0);
    Memory held = Box.running().order("q1", new Order.Quiesce()).memory();
    Memory forbidden = Box.running().memory().withLease(never);
    Memory fenced = Box.running().memory().withFenced(true);
    for (Memory memory : List.of(Memory.fresh(1), held, forbidden, fenced)) {
      Box box = new Box(2, memory).on(new AgentEvent.Started()).on(new AgentEvent.JobAbsent());
      assertThat(JobRules.wakeAt(box.state())).isEqualTo(Long.MAX_VALUE);
    }
  }

  @Test
  void end_that_is_seen_before_its_start_was_told_is_told_with_the_start() {
    Memory proceeded = Box.up().order("p1", PROCEED).memory();
    Box box = new Box(1, proceeded).on(new AgentEvent.Started());

    box.on(new AgentEvent.JobOver(END));

    assertThat(box.spooled())
        .containsExactly(new Report.JobStarted(1, 77, true, 1), new Report.JobEnded(1, END, 1));
  }

  @Test
  void job_that_vanished_is_killed_once_and_one_that_was_told_stays_as_told() {
    Box gone = new Box(1, Box.running().memory()).on(new AgentEvent.Started());
    gone.on(new AgentEvent.JobAbsent());
    assertThat(gone.spooled()).containsExactly(new Report.JobEnded(1, KILLED, 1));

    Memory told = Box.running().on(new AgentEvent.JobOver(END)).memory();
    Box over = new Box(1, told).on(new AgentEvent.Started()).on(new AgentEvent.JobAbsent());
    assertThat(over.spooled()).isEmpty();
    assertThat(over.state().job()).isEqualTo(new JobPhase.Ended(Progress.NONE));
  }

  @Test
  void lines_of_the_log_go_to_a_controller_that_is_there() {
    Box box = Box.running().on(new AgentEvent.LogWanted(20, 5_000));
    assertThat(box.actions(Action.TailLog.class)).containsExactly(new Action.TailLog(20, 5_000));

    box.on(new AgentEvent.LogRead(1, 2, List.of("loss 0.1")));
    assertThat(box.actions(Action.SendLog.class))
        .containsExactly(new Action.SendLog(1, 2, List.of("loss 0.1")));

    box.on(new AgentEvent.LinkLost("gone")).on(new AgentEvent.LogRead(1, 3, List.of("loss 0")));
    assertThat(box.actions(Action.SendLog.class)).isEmpty();
  }

  @Test
  void how_far_the_job_came_is_in_each_beat_and_stays_after_its_end() {
    Progress far = new Progress(40, 100, OptionalDouble.of(0.5), "step 40");
    Box box = Box.up().order("p1", PROCEED).after(1_000);
    beats(box, new Action.Beat(Progress.NONE, false));
    box.on(new AgentEvent.JobUp(77, false)).on(new AgentEvent.JobProgressed(far)).after(1_000);
    beats(box, new Action.Beat(far, true));
    box.on(new AgentEvent.JobOver(END)).after(1_000);
    beats(box, new Action.Beat(far, false));
  }

  private static void beats(Box box, Action.Beat beat) {
    assertThat(box.actions(Action.Beat.class)).containsExactly(beat);
  }

  @Test
  void cause_of_an_end_has_the_word_that_the_controller_reads() {
    assertThat(Arrays.stream(JobEnd.Cause.values()).map(JobEnd.Cause::word))
        .containsExactly(
            "done",
            "user-error",
            "setup-failed",
            "killed",
            "oom",
            "disk-full",
            "gpu-memory",
            "cuda-error",
            "gpu-lost",
            "stopped",
            "fenced",
            "hung",
            "lease");
  }

  @Test
  void what_no_controller_would_ask_is_not_taken() {
    for (Duration no :
        List.of(Duration.ZERO, Duration.ofSeconds(-1), Duration.ofHours(1).plusNanos(1))) {
      assertThatThrownBy(() -> new Gate(true, "", no, Gate.Promise.NOTHING))
          .hasMessageContaining("up to an hour");
    }
    Duration hour = Duration.ofHours(1);
    assertThat(new Gate(true, "", hour, Gate.Promise.NOTHING).timeout()).isEqualTo(hour);
    assertThatThrownBy(() -> new Order("", new Order.Quiesce())).hasMessageContaining("1 to 200");
    assertThatThrownBy(() -> new Order("x".repeat(201), new Order.Quiesce()))
        .hasMessageContaining("201");
    assertThat(new Order("x".repeat(200), new Order.Quiesce()).id()).hasSize(200);
  }

  @Test
  void catalog_is_opened_where_it_was_left() {
    Box box = Box.up().order("p1", PROCEED);
    assertThat(box.actions(Action.OpenCatalog.class))
        .containsExactly(new Action.OpenCatalog(Box.JOB, 0));
    box.on(new AgentEvent.JobUp(77, false));
    box.on(new AgentEvent.UnitsFound(List.of(Box.unit(1, 3))));

    Box next = box.restarted(0);

    assertThat(next.actions(Action.OpenCatalog.class))
        .containsExactly(new Action.OpenCatalog(Box.JOB, 3));
    assertThat(next.actions(Action.FindJob.class))
        .containsExactly(new Action.FindJob(1, Box.JOB.care()));
  }

  @Test
  void notes_of_a_new_boot_are_on_the_disk_with_its_first_step() {
    Box next = Box.running().rebooted(0);
    assertThat(next.actions(Action.Save.class)).contains(new Action.Save(next.memory()));
    assertThat(next.memory().notes()).isEqualTo(BootNotes.fresh(2));
  }

  private static Box unknown() {
    Box box = new Box(1, Box.running().memory()).on(new AgentEvent.Started());
    return box.on(new AgentEvent.Welcomed(2000, 1));
  }
}
