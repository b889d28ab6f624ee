package dev.salvor.agent.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class LeaseRulesTest {
  private static final long HOUR = 3_600_000;
  private static final long CONTROLLERS_NOW = 5_000_000;
  private static final JobEnd DONE = new JobEnd(77, 0, JobEnd.Cause.DONE, List.of());

  /// The story of a laptop that stays shut for a working day.
  @Test
  void controller_gone_for_eight_hours_the_job_goes_on_ends_and_after_the_grace_the_box_stops() {
    Box box = granted(Box.owning(1), 30 * HOUR, 2 * HOUR);
    box.on(new AgentEvent.LinkLost("the laptop was shut"));

    List<Action> asleep = live(box, 3 * HOUR);
    assertThat(asleep).noneMatch(Action.StopJob.class::isInstance);
    assertThat(asleep).noneMatch(Action.StopRental.class::isInstance);
    box.on(new AgentEvent.JobOver(DONE));
    assertThat(live(box, 2 * HOUR - 60_000)).noneMatch(Action.StopRental.class::isInstance);
    List<Action> end = live(box, 60_000);

    assertThat(end).anyMatch(Action.StopRental.class::isInstance);
    assertThat(box.spooled().getLast()).isInstanceOf(Report.SelfStopped.class);
    assertThat(((Report.SelfStopped) box.spooled().getLast()).why())
        .contains("no controller answered since", "no job to run since", "grace 2H");
    assertThat(box.spooled()).contains(new Report.JobEnded(1, DONE));
    assertThat(live(box, 3 * HOUR)).noneMatch(Action.StartJob.class::isInstance);
  }

  @Test
  void the_report_is_on_disk_before_the_platform_is_asked() {
    Box box = granted(Box.owning(1), 30 * HOUR, HOUR);
    box.on(new AgentEvent.LinkLost("gone")).on(new AgentEvent.JobOver(DONE));

    box.after(HOUR);

    assertThat(index(box, Action.Spool.class)).isLessThan(index(box, Action.StopRental.class));
  }

  @Test
  void lease_that_ends_while_the_job_runs_has_it_save_and_end_first() {
    Box box = granted(Box.owning(1), HOUR, 2 * HOUR);
    box.on(new AgentEvent.LinkLost("gone"));
    assertThat(live(box, HOUR - 1_000)).noneMatch(Action.StopJob.class::isInstance);

    List<Action> end = live(box, 2_000);
    assertThat(end).contains(new Action.StopJob(LeaseRules.SAVE_GRACE_MS));
    assertThat(end).noneMatch(Action.StopRental.class::isInstance);
    box.on(new AgentEvent.JobOver(new JobEnd(77, 143, JobEnd.Cause.STOPPED, List.of())));

    assertThat(box.actions(Action.StopRental.class)).hasSize(1);
    assertThat(box.spooled())
        .anyMatch(r -> r instanceof Report.JobEnded e && e.end().cause() == JobEnd.Cause.LEASE);
    assertThat(((Report.SelfStopped) box.spooled().getLast()).why()).contains("its lease ended at");
  }

  @Test
  void job_that_listens_is_asked_for_a_checkpoint_and_ends_once_it_is_there() {
    Box box = granted(Box.listening(), HOUR, 2 * HOUR);
    box.on(new AgentEvent.LinkLost("gone"));

    List<Action> asked = live(box, HOUR + 30_000);
    assertThat(asked).filteredOn(Action.AskCheckpoint.class::isInstance).hasSize(1);
    assertThat(asked).noneMatch(Action.StopJob.class::isInstance);
    box.on(new AgentEvent.UnitsFound(List.of(Box.unit(1, 1))));

    assertThat(box.actions(Action.StopJob.class))
        .containsExactly(new Action.StopJob(LeaseRules.SAVE_GRACE_MS));
    assertThat(box.spooled()).noneMatch(Report.OrderFailed.class::isInstance);
  }

  @Test
  void job_that_listens_and_does_not_answer_is_ended_all_the_same() {
    Box box = granted(Box.listening(), HOUR, 2 * HOUR);
    box.on(new AgentEvent.LinkLost("gone"));

    assertThat(live(box, HOUR + LeaseRules.ASK_MS - 1_000))
        .noneMatch(Action.StopJob.class::isInstance);
    assertThat(live(box, 2_000)).anyMatch(Action.StopJob.class::isInstance);
  }

  @Test
  void job_that_cannot_be_asked_is_ended_at_once() {
    Box box = granted(Box.listening(), HOUR, 2 * HOUR);
    box.on(new AgentEvent.LinkLost("gone"));
    live(box, HOUR + 1_000);

    box.on(new AgentEvent.AskFailed("no such process"));

    assertThat(box.actions(Action.StopJob.class)).hasSize(1);
    assertThat(box.spooled()).noneMatch(Report.OrderFailed.class::isInstance);
  }

  @Test
  void controller_that_comes_back_while_the_job_saves_lets_it_train_on() {
    Box box = granted(Box.listening(), HOUR, 2 * HOUR);
    box.on(new AgentEvent.LinkLost("gone"));
    live(box, HOUR + 1_000);

    // The next dial is answered.
    box.after(15_000).on(new AgentEvent.Welcomed(2000, 0));
    granted(box, HOUR, 2 * HOUR);

    assertThat(live(box, LeaseRules.ASK_MS)).noneMatch(Action.StopJob.class::isInstance);
  }

  @Test
  void job_that_does_not_end_does_not_keep_the_meter_running() {
    Box box = granted(Box.owning(1), HOUR, 2 * HOUR);
    box.on(new AgentEvent.LinkLost("gone"));

    List<Action> all = live(box, HOUR + LeaseRules.ENDING_MS + 1_000);

    assertThat(all).anyMatch(Action.StopRental.class::isInstance);
  }

  @Test
  void while_the_controller_answers_nothing_ends_however_short_the_lease() {
    Box box = granted(Box.owning(1), 0, 1);
    List<Action> all = new ArrayList<>();
    for (int i = 0; i < 600; i++) {
      box.on(new AgentEvent.BeatHeard(2000, CONTROLLERS_NOW, CONTROLLERS_NOW, 1, true));
      all.addAll(live(box, 1_000));
    }

    assertThat(all).noneMatch(Action.StopJob.class::isInstance);
    assertThat(all).noneMatch(Action.StopRental.class::isInstance);
  }

  @Test
  void line_that_is_cut_for_a_moment_ends_nothing() {
    Box box = granted(Box.owning(1), 0, 1).on(new AgentEvent.LinkLost("gone"));

    assertThat(live(box, LeaseRules.PATIENCE_MS - 1_000))
        .noneMatch(Action.StopJob.class::isInstance);
    assertThat(live(box, 2_000)).anyMatch(Action.StopJob.class::isInstance);
  }

  @Test
  void lease_survives_a_restart_of_the_agent_by_the_wall_clock() {
    Box first = granted(Box.owning(1), 2 * HOUR, HOUR);
    first.on(new AgentEvent.LinkLost("gone"));
    live(first, HOUR);

    Box second = first.restarted(0).on(new AgentEvent.JobUp(77, true));

    assertThat(live(second, HOUR - 1_000)).noneMatch(Action.StopJob.class::isInstance);
    assertThat(live(second, 2_000)).anyMatch(Action.StopJob.class::isInstance);
  }

  @Test
  void grace_survives_a_restart_of_the_agent() {
    Box first = granted(Box.owning(1), 20 * HOUR, 2 * HOUR);
    first.on(new AgentEvent.LinkLost("gone")).on(new AgentEvent.JobOver(DONE));
    live(first, HOUR);

    Box second = first.restarted(0).on(new AgentEvent.JobOver(DONE));

    assertThat(live(second, HOUR + 1_000)).anyMatch(Action.StopRental.class::isInstance);
  }

  @Test
  void clock_set_back_by_a_year_gives_no_more_than_was_granted() {
    Box first = granted(Box.owning(1), 2 * HOUR, HOUR);

    Box second = first.restarted(-365 * 24 * HOUR).on(new AgentEvent.JobUp(77, true));

    assertThat(live(second, 2 * HOUR + 1_000)).anyMatch(Action.StopJob.class::isInstance);
  }

  @Test
  void clock_that_jumps_while_the_agent_lives_changes_nothing() {
    Box box = granted(Box.owning(1), 2 * HOUR, HOUR).on(new AgentEvent.LinkLost("gone"));
    box.wallJumps(24 * HOUR);

    assertThat(live(box, HOUR)).noneMatch(Action.StopJob.class::isInstance);
  }

  @Test
  void box_that_comes_back_after_its_lease_starts_nothing_and_has_ten_minutes() {
    Box first = granted(Box.owning(1), HOUR, HOUR);

    Box next = first.rebooted(5 * HOUR).on(new AgentEvent.JobAbsent());
    List<Action> wait = live(next, LeaseClock.BOOT_MS - 1_000);

    assertThat(wait).noneMatch(Action.StartJob.class::isInstance);
    assertThat(wait).noneMatch(Action.StopRental.class::isInstance);
    assertThat(live(next, 2_000)).anyMatch(Action.StopRental.class::isInstance);
  }

  @Test
  void box_that_comes_back_within_its_lease_starts_alone_unless_told_never() {
    Box first = granted(Box.owning(1), 10 * HOUR, HOUR);
    Box next = first.rebooted(60_000).on(new AgentEvent.JobAbsent());
    assertThat(live(next, 61_000)).anyMatch(Action.StartJob.class::isInstance);

    Box never =
        Box.owning(1)
            .on(
                new AgentEvent.BeatHeard(
                    2000, CONTROLLERS_NOW + 10 * HOUR, CONTROLLERS_NOW, HOUR, false));
    Box later = never.rebooted(60_000).on(new AgentEvent.JobAbsent());
    assertThat(live(later, 10 * 60_000)).noneMatch(Action.StartJob.class::isInstance);
  }

  @Test
  void box_that_no_controller_ever_spoke_to_stops_after_two_hours() {
    Box box = new Box(1, Memory.fresh(1), Box.EMPTY, true).on(new AgentEvent.Started());
    box.on(new AgentEvent.JobAbsent()).on(new AgentEvent.LinkLost("nobody"));

    assertThat(live(box, 2 * HOUR - 1_000)).noneMatch(Action.StopRental.class::isInstance);
    assertThat(live(box, 2_000)).anyMatch(Action.StopRental.class::isInstance);
  }

  @Test
  void stop_that_fails_is_tried_again_ever_more_slowly() {
    Box box = granted(Box.owning(1), 30 * HOUR, HOUR);
    box.on(new AgentEvent.LinkLost("gone")).on(new AgentEvent.JobOver(DONE)).after(HOUR);
    List<Long> waits = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      long failed = box.now();
      box.on(new AgentEvent.RentalNotStopped("503"));
      List<Action> seen = new ArrayList<>();
      while (seen.stream().noneMatch(Action.StopRental.class::isInstance)) {
        seen.addAll(box.on(new AgentEvent.LinkLost("gone")).sleep().actions());
      }
      waits.add(box.now() - failed);
    }

    assertThat(waits.subList(0, 4)).containsExactly(5_000L, 10_000L, 20_000L, 40_000L);
    assertThat(waits.getLast()).isEqualTo(LeaseRules.RETRY_TO_MS);
    assertThat(box.spooled().stream().filter(Report.SelfStopped.class::isInstance)).hasSize(1);
  }

  @Test
  void controller_that_comes_back_to_an_idle_box_takes_over() {
    Box box = granted(Box.owning(1), 30 * HOUR, HOUR);
    box.on(new AgentEvent.LinkLost("gone")).on(new AgentEvent.JobOver(DONE)).after(HOUR);
    box.on(new AgentEvent.RentalNotStopped("503"));
    box.on(new AgentEvent.Welcomed(2000, 1));

    List<Action> all = new ArrayList<>();
    for (int i = 0; i < 600; i++) {
      box.on(new AgentEvent.BeatHeard(2000, CONTROLLERS_NOW + HOUR, CONTROLLERS_NOW, HOUR, true));
      all.addAll(live(box, 1_000));
    }
    assertThat(all).noneMatch(Action.StopRental.class::isInstance);
  }

  @Test
  void box_without_the_platforms_key_says_so_once_and_leaves_its_job_alone() {
    Box box = granted(Box.running(), HOUR, HOUR).on(new AgentEvent.LinkLost("gone"));

    List<Action> all = live(box, 3 * HOUR);

    assertThat(all.stream().filter(a -> a instanceof Action.Say s && s.message().contains("lease")))
        .hasSize(1);
    assertThat(all).noneMatch(Action.StopJob.class::isInstance);
  }

  @Test
  void box_refused_for_good_stays_to_stop_its_own_meter() {
    Box box = granted(Box.owning(1), 30 * HOUR, HOUR);
    box.on(new AgentEvent.LinkLost("gone")).on(new AgentEvent.LinkRefused("revoked"));
    assertThat(box.actions(Action.Exit.class)).isEmpty();

    List<Action> all = live(box, HOUR + 1_000);

    assertThat(all).anyMatch(Action.StopJob.class::isInstance);
  }

  @Test
  void fenced_box_stops_itself_too_when_nobody_does() {
    Box box = granted(Box.owning(1), 30 * HOUR, HOUR);
    box.order("f1", new Order.Fenced("generation 2"));
    box.on(new AgentEvent.JobOver(new JobEnd(77, 143, JobEnd.Cause.STOPPED, List.of())));
    box.on(new AgentEvent.LinkLost("gone"));

    assertThat(live(box, HOUR + 1_000)).anyMatch(Action.StopRental.class::isInstance);
  }

  private static Box granted(Box box, long leaseMs, long graceMs) {
    return box.on(
        new AgentEvent.BeatHeard(2000, CONTROLLERS_NOW + leaseMs, CONTROLLERS_NOW, graceMs, true));
  }

  /// Lives on as its loop would have it, with nobody answering; returns all that it did.
  private static List<Action> live(Box box, long ms) {
    List<Action> all = new ArrayList<>();
    long end = box.now() + ms;
    while (box.now() < end) {
      box.sleepAtMost(end - box.now());
      all.addAll(box.actions());
      if (!box.actions(Action.Dial.class).isEmpty()) {
        all.addAll(box.on(new AgentEvent.LinkLost("nobody answers")).actions());
      }
      if (!box.actions(Action.Rescan.class).isEmpty()) {
        all.addAll(box.on(new AgentEvent.UnitsFound(List.of())).actions());
      }
    }
    return all;
  }

  private static int index(Box box, Class<? extends Action> kind) {
    for (int i = 0; i < box.actions().size(); i++) {
      if (kind.isInstance(box.actions().get(i))) {
        return i;
      }
    }
    return -1;
  }
}
