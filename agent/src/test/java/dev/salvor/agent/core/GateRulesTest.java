package dev.salvor.agent.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.common.telemetry.Reading;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// A job starts when its box is fit, and not before.
final class GateRulesTest {
  private static final Gate GATE = new Gate(true, "", Duration.ofMinutes(1), Gate.Promise.NOTHING);

  private static final JobSpec JOB =
      new JobSpec(
          "train",
          "/work",
          Map.of(),
          List.of("/work/ckpt"),
          List.of("/work"),
          new JobCare(JobCare.NONE.tasks(), JobCare.NONE.listens(), Map.of(), List.of(), 0, GATE));

  private static final Gate.Refusal OLD = new Gate.Refusal("cuda", "too old", "cuda_max_good>=13");

  @Test
  void job_waits_for_the_check_and_starts_after_it() {
    Box box = Box.up();
    box.order("p1", new Order.Proceed(JOB, new StartFrom.Disk()));

    assertThat(box.actions(Action.RunGate.class))
        .containsExactly(new Action.RunGate(JOB, true, GpuFaults.NONE));
    assertThat(box.actions(Action.StartJob.class)).isEmpty();
    box.on(new AgentEvent.GatePassed("all well"));
    assertThat(box.actions(Action.StartJob.class)).hasSize(1);
  }

  @Test
  void unit_is_brought_only_onto_a_box_that_is_fit() {
    Box box = Box.up();
    box.order("p1", new Order.Proceed(JOB, new StartFrom.Unit(Box.unit(1, 1).id(), List.of())));
    assertThat(box.actions(Action.Restore.class)).isEmpty();

    box.on(new AgentEvent.GatePassed("all well"));

    assertThat(box.actions(Action.Restore.class)).hasSize(1);
  }

  @Test
  void refusal_is_told_and_nothing_starts_without_a_new_order() {
    Box box = Box.up();
    box.order("p1", new Order.Proceed(JOB, new StartFrom.Disk()));
    box.on(new AgentEvent.GateFailed(OLD));

    assertThat(box.spooled()).containsExactly(new Report.GateRefused(1, OLD, false));
    assertThat(box.state().job()).isEqualTo(new JobPhase.Idle());
    Box later = box.rebooted(0).on(new AgentEvent.JobAbsent());
    later.after(JobRules.UNANSWERED_MS + 1);
    assertThat(later.actions(Action.RunGate.class)).isEmpty();
    assertThat(later.actions(Action.StartJob.class)).isEmpty();
  }

  @Test
  void box_that_goes_on_alone_is_checked_too() {
    Box box = Box.up();
    box.order("p1", new Order.Proceed(JOB, new StartFrom.Disk()));
    box.on(new AgentEvent.GatePassed("")).on(new AgentEvent.JobUp(77, false));

    Box again = box.rebooted(0).on(new AgentEvent.JobAbsent());
    again.after(JobRules.UNANSWERED_MS + 1);
    assertThat(again.actions(Action.RunGate.class)).hasSize(1);
    again.on(new AgentEvent.GateFailed(OLD));
    assertThat(again.spooled()).containsExactly(new Report.GateRefused(2, OLD, true));
  }

  @Test
  void answer_after_the_job_was_called_off_starts_nothing() {
    Box box = Box.up();
    box.order("p1", new Order.Proceed(JOB, new StartFrom.Disk()));
    box.order("s1", new Order.StopJob(1_000));

    box.on(new AgentEvent.GatePassed("all well"));

    assertThat(box.actions(Action.StartJob.class)).isEmpty();
    assertThat(box.state().job()).isEqualTo(new JobPhase.Idle());
  }

  @Test
  void agent_that_died_during_the_check_takes_it_up_again() {
    Box box = Box.up();
    box.order("p1", new Order.Proceed(JOB, new StartFrom.Disk()));

    Box again = box.restarted(0).on(new AgentEvent.JobAbsent());

    assertThat(again.actions(Action.RunGate.class)).hasSize(1);
  }

  /// The driver tells of it once, and only to who listens then.
  @Test
  void error_that_only_leaving_mends_is_remembered_for_the_next_check_of_this_boot() {
    Box box = Box.up();
    box.order("p1", new Order.Proceed(JOB, new StartFrom.Disk()));
    box.on(new AgentEvent.GatePassed("")).on(new AgentEvent.JobUp(77, false));
    box.on(told(readings(2, 79, 1)));
    // What follows a fall, and what is the job's own fault, changes nothing.
    box.on(told(readings(2, 79, 4))).on(told(readings(1, 31, 9))).on(told(List.of()));

    GpuFaults fallen = new GpuFaults("550.54.15", Map.of(2, new GpuFaults.Fault(79, 4)));
    assertThat(box.state().memory().faults()).isEqualTo(fallen);
    Box again =
        box.restarted(0)
            .on(new AgentEvent.JobOver(new JobEnd(77, 1, JobEnd.Cause.GPU_LOST, List.of())));
    again.on(new AgentEvent.Welcomed(2000, 0));
    again.order("p2", new Order.Proceed(JOB, new StartFrom.Disk()));
    assertThat(again.actions(Action.RunGate.class))
        .containsExactly(new Action.RunGate(JOB, false, fallen));

    Box later = again.rebooted(0).on(new AgentEvent.JobAbsent());
    assertThat(later.state().memory().faults()).as("a boot of its own").isEqualTo(GpuFaults.NONE);
  }

  @Test
  void error_is_one_of_its_driver_and_a_timeout_counts_when_it_comes_again() {
    assertThat(GpuFaults.NONE.with(readings(0, 109, 1))).isEqualTo(GpuFaults.NONE);
    GpuFaults twice = GpuFaults.NONE.with(readings(0, 109, 2));
    assertThat(twice.words("550.54.15"))
        .hasValueSatisfying(
            why -> assertThat(why).startsWith("GPU 0 reported Xid 109 (context switch timeout)"));
    assertThat(twice.words("")).as("none answers any more").isPresent();
    assertThat(twice.words("580.65.06")).as("it was changed meanwhile").isEmpty();
    assertThat(twice.with(List.of(new Reading.Text("gpu", "driver", "580.65.06"))))
        .isEqualTo(GpuFaults.NONE);
  }

  private static AgentEvent told(List<Reading> readings) {
    return new AgentEvent.ReadingsTaken(readings, List.of());
  }

  private static List<Reading> readings(int card, int xid, int times) {
    return List.of(
        new Reading.Text("gpu", "driver", "550.54.15"),
        new Reading.Amount("gpu", "gpu%d xid".formatted(card), xid, ""),
        new Reading.Amount("gpu", "gpu%d xid times".formatted(card), times, "reports"));
  }
}
