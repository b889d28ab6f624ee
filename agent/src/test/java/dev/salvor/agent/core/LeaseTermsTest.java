package dev.salvor.agent.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/// What a beat's answer grants, to the millisecond, and what of it is kept.
final class LeaseTermsTest {
  private static final long HOUR = 3_600_000;
  private static final long CONTROLLERS_NOW = 5_000_000;
  private static final JobEnd DONE = new JobEnd(77, 0, JobEnd.Cause.DONE, List.of());

  @Test
  void answer_without_a_lease_leaves_what_was_granted() {
    Box box = granted(Box.owning(1), 2 * HOUR, HOUR);
    Memory before = box.memory();
    box.on(new AgentEvent.BeatHeard(2000, 0, 0, 5, false));

    assertThat(box.memory()).isEqualTo(before);
    assertThat(box.state().lease().untilAt()).isEqualTo(2 * HOUR);
  }

  @Test
  void lease_runs_from_when_it_is_heard_and_one_that_is_over_grants_nothing() {
    Box box = Box.owning(1).after(1_000);
    granted(box, HOUR, 2 * HOUR);
    assertThat(box.state().lease().untilAt()).isEqualTo(1_000 + HOUR);
    assertThat(box.memory().lease())
        .isEqualTo(new Lease(1_001_000 + HOUR, HOUR, 2 * HOUR, true, 0));
    granted(box, -HOUR, 2 * HOUR);
    assertThat(box.state().lease().untilAt()).isEqualTo(1_000);
    assertThat(box.memory().lease()).isEqualTo(new Lease(1_001_000, 0, 2 * HOUR, true, 0));
  }

  @Test
  void box_without_a_job_may_stay_as_long_as_the_lease_where_nobody_says_how_long() {
    assertThat(granted(Box.owning(1), HOUR, 0).memory().lease().graceMs()).isEqualTo(HOUR);
    assertThat(granted(Box.owning(1), HOUR, 1).memory().lease().graceMs()).isEqualTo(1);
  }

  @Test
  void lease_is_written_when_it_moved_by_a_minute_or_its_terms_changed() {
    Box box = granted(Box.owning(1), 2 * HOUR, HOUR);
    assertThat(saves(granted(box, 2 * HOUR, HOUR))).as("the same again").isZero();
    assertThat(saves(granted(box, 2 * HOUR + 59_999, HOUR))).as("less than a minute").isZero();
    assertThat(saves(granted(box, 2 * HOUR + 60_000, HOUR))).as("a minute on").isOne();
    assertThat(saves(granted(box, 2 * HOUR, HOUR))).as("a minute back").isOne();
    assertThat(saves(granted(box, 2 * HOUR, HOUR + 1))).as("another grace").isOne();
    box.on(lease(2 * HOUR, HOUR + 1, false));
    assertThat(saves(box)).as("it may not start alone").isOne();
    assertThat(box.memory().lease().startsAlone()).isFalse();
  }

  @Test
  void time_without_a_job_ends_with_the_next_job() {
    Box box = granted(Box.owning(1), 30 * HOUR, HOUR).on(new AgentEvent.LinkLost("gone"));
    box.after(1_000).on(new AgentEvent.JobOver(DONE));
    assertThat(box.memory().lease().idleSinceMs()).isEqualTo(1_001_000);
    assertThat(box.state().lease().idleSince()).isEqualTo(1_000);

    dialled(box).on(new AgentEvent.Welcomed(2000, 0));

    assertThat(box.memory().lease().idleSinceMs()).isZero();
    assertThat(box.state().lease().idleSince()).isEqualTo(LeaseClock.NEVER);
  }

  @Test
  void box_that_is_refused_for_good_has_its_grace_and_no_less() {
    Box box = granted(Box.owning(1), 30 * HOUR, HOUR).after(5_000);
    box.on(new AgentEvent.LinkRefused("revoked"));
    assertThat(box.state().lease().untilAt()).isEqualTo(5_000 + HOUR);
    assertThat(box.state().lease().spent()).isTrue();

    Box ending = granted(Box.owning(1), 60_000, HOUR).on(new AgentEvent.LinkRefused("revoked"));
    assertThat(ending.state().lease().untilAt()).as("its lease ends before").isEqualTo(60_000);
  }

  @Test
  void platform_that_said_yes_is_asked_again_after_five_minutes_and_one_that_is_mute_after_two() {
    Box mute = stopping();
    assertThat(mute.after(LeaseRules.STOP_ANSWER_MS - 1).actions(Action.StopRental.class))
        .isEmpty();
    assertThat(mute.after(1).actions(Action.StopRental.class)).hasSize(1);

    Box told = stopping().on(new AgentEvent.RentalStopped());
    assertThat(told.after(LeaseRules.STOP_SHOWS_MS - 1).actions(Action.StopRental.class)).isEmpty();
    assertThat(told.after(1).actions(Action.StopRental.class)).hasSize(1);
    assertThat(told.state().lease().phase())
        .isEqualTo(new LeaseClock.Phase.Stopping(2, told.now() + LeaseRules.STOP_ANSWER_MS, false));
  }

  @Test
  void word_of_the_platform_that_nobody_asked_for_changes_nothing() {
    Box box = granted(Box.owning(1), HOUR, HOUR);
    LeaseClock before = box.state().lease();
    box.on(new AgentEvent.RentalStopped()).on(new AgentEvent.RentalNotStopped("404"));
    assertThat(box.state().lease()).isEqualTo(before);
  }

  @Test
  void person_reads_by_the_boxs_clock_since_when_it_was_alone() {
    Box idle = granted(Box.owning(1), 30 * HOUR, HOUR).after(2_000);
    idle.on(new AgentEvent.BeatHeard(2000, 0, 0)).on(new AgentEvent.LinkLost("gone"));
    idle.after(8_000).on(new AgentEvent.JobOver(DONE)).after(HOUR);
    assertThat(stopped(idle))
        .isEqualTo(
            "no controller answered since 1970-01-01T00:16:42Z,"
                + " and it had no job to run since 1970-01-01T00:16:50Z (grace 1H)");

    Box spent = granted(Box.owning(1), HOUR, 2 * HOUR).on(new AgentEvent.LinkLost("gone"));
    spent.after(HOUR).on(new AgentEvent.JobOver(DONE));
    assertThat(stopped(spent))
        .isEqualTo(
            "no controller answered since 1970-01-01T00:16:40Z,"
                + " and its lease ended at 1970-01-01T01:16:40Z");
  }

  @Test
  void box_without_the_key_that_was_told_so_is_told_again_after_the_next_controller() {
    Box box = granted(Box.running(), HOUR, HOUR).on(new AgentEvent.LinkLost("gone"));
    assertThat(lapses(box.after(HOUR))).isOne();
    assertThat(lapses(box.after(HOUR))).isZero();
    dialled(box).on(new AgentEvent.Welcomed(2000, 0));
    granted(box, HOUR, HOUR).on(new AgentEvent.LinkLost("gone"));
    assertThat(lapses(box.after(HOUR))).isOne();
  }

  @Test
  void only_an_end_that_the_lease_brought_about_is_named_after_it() {
    Box ended = granted(Box.owning(1), HOUR, HOUR).on(new AgentEvent.LinkLost("gone")).after(HOUR);
    JobEnd saved = new JobEnd(77, 0, JobEnd.Cause.DONE, List.of());
    ended.on(new AgentEvent.JobOver(saved));
    assertThat(ended.spooled()).contains(new Report.JobEnded(1, saved));
  }

  /// Alone for an hour without a job, and the platform was just told to stop it.
  private static Box stopping() {
    Box box = granted(Box.owning(1), 300 * HOUR, HOUR).on(new AgentEvent.LinkLost("gone"));
    box.on(new AgentEvent.JobOver(DONE)).after(HOUR);
    assertThat(box.actions(Action.StopRental.class)).hasSize(1);
    return box;
  }

  private static Box dialled(Box box) {
    return box.state().link() instanceof LinkPhase.Dialling
        ? box
        : box.after(LinkRules.BACKOFF_TO_MS);
  }

  private static String stopped(Box box) {
    return ((Report.SelfStopped) box.spooled().getLast()).why();
  }

  private static int saves(Box box) {
    return box.actions(Action.Save.class).size();
  }

  private static long lapses(Box box) {
    return box.actions(Action.Say.class).stream()
        .filter(say -> say.message().endsWith("this box goes on spending money"))
        .count();
  }

  private static Box granted(Box box, long leaseMs, long graceMs) {
    return box.on(lease(leaseMs, graceMs, true));
  }

  private static AgentEvent.BeatHeard lease(long leaseMs, long graceMs, boolean alone) {
    return new AgentEvent.BeatHeard(
        2000, CONTROLLERS_NOW + leaseMs, CONTROLLERS_NOW, graceMs, alone);
  }
}
