package dev.salvor.agent.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.common.telemetry.Reading;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

/// A job that hangs is told from one that is slow.
final class VigilTest {
  private static final long MIN = 60_000;
  private static final long QUIET = Vigil.QUIET_MS;

  @Test
  void silent_and_waiting_without_any_gpu_reading_has_stalled() {
    Box box = Box.running();
    waits(box, QUIET - MIN);
    assertThat(stalls(box)).isEmpty();

    waits(box, 2 * MIN);

    assertThat(stalls(box)).hasSize(1);
    assertThat(stalls(box).getFirst().why()).contains("10 min", "its processes wait");
    waits(box, 60 * MIN);
    assertThat(stalls(box)).as("told once").hasSize(1);
  }

  @Test
  void one_that_computes_is_slow_and_is_given_six_times_as_long() {
    Box box = Box.running();
    computes(box, 6 * QUIET - MIN);
    assertThat(stalls(box)).isEmpty();

    computes(box, 2 * MIN);

    assertThat(stalls(box).getFirst().why()).contains("a deadlock can spin");
  }

  @Test
  void one_that_was_always_slow_to_speak_is_given_time() {
    Box box = Box.running();
    waits(box, 9 * MIN);
    speaks(box, 1);
    waits(box, 35 * MIN);
    assertThat(stalls(box)).isEmpty();

    waits(box, 2 * MIN);

    assertThat(stalls(box)).hasSize(1);
  }

  @Test
  void log_or_checkpoint_says_that_it_moves_again() {
    Box box = Box.running();
    waits(box, 11 * MIN);
    speaks(box, 2);
    assertThat(box.spooled().getLast()).isEqualTo(new Report.JobMoving(1, 1));

    waits(box, 50 * MIN);
    assertThat(stalls(box)).hasSize(2);
    box.on(new AgentEvent.UnitsFound(List.of(Box.unit(1, 1))));
    assertThat(box.spooled().getLast()).isEqualTo(new Report.JobMoving(1, 1));
  }

  @Test
  void agent_that_comes_back_does_not_tell_again_what_was_told() {
    Box box = Box.running();
    waits(box, 11 * MIN);
    Box next = new Box(1, box.memory()).on(new AgentEvent.Started());
    next.on(new AgentEvent.JobUp(77, true));
    waits(next, 11 * MIN);
    assertThat(stalls(next)).isEmpty();
    speaks(next, 3);
    assertThat(next.spooled()).containsExactly(new Report.JobMoving(1, 1));
  }

  @Test
  void gpu_that_draws_power_keeps_a_waiting_job_alive_and_use_alone_never_condemns() {
    assertThat(Gpus.judge(gpu(0, 60, 0.2))).isEqualTo(Vigil.Gpu.IDLE);
    assertThat(Gpus.judge(gpu(0, 300, 0.9))).isEqualTo(Vigil.Gpu.BUSY);
    // Ranks that spin in a deadlock: all of it used, nothing drawn.
    assertThat(Gpus.judge(gpu(100, 60, 0.9))).isEqualTo(Vigil.Gpu.UNKNOWN);
    assertThat(Gpus.judge(List.of())).isEqualTo(Vigil.Gpu.UNKNOWN);
    assertThat(Gpus.judge(gpu(0, 60, 0.2).subList(0, 2))).isEqualTo(Vigil.Gpu.UNKNOWN);

    Vigil silent = Vigil.from(0);
    assertThat(silent.seen(gpu(0, 300, 0.9), QUIET + MIN).stalled(QUIET + MIN)).isEmpty();
    assertThat(silent.seen(gpu(0, 60, 0.2), QUIET + MIN).stalled(QUIET + MIN)).isPresent();
    assertThat(silent.seen(gpu(0, 300, 0.9), 0).stalled(QUIET + MIN)).as("stale").isPresent();
  }

  @Test
  void checkpoint_that_was_asked_for_is_answered_by_the_next_or_by_the_clock() {
    Box box = Box.listening();
    box.order("a1", new Order.AskCheckpoint());
    assertThat(box.actions(Action.AskCheckpoint.class)).hasSize(1);
    box.on(new AgentEvent.UnitsFound(List.of(Box.unit(1, 1))));
    waits(box, 11 * MIN);
    assertThat(failures(box)).isEmpty();

    box.order("a2", new Order.AskCheckpoint());
    box.after(VigilRules.ANSWER_MS);
    assertThat(failures(box)).containsExactly("a2");
  }

  @Test
  void job_that_does_not_listen_is_not_asked() {
    Box box = Box.running().order("a1", new Order.AskCheckpoint());
    assertThat(box.actions(Action.AskCheckpoint.class)).isEmpty();
    assertThat(failures(box)).containsExactly("a1");
  }

  /// Pulses as its agent hears them: no processor time goes by.
  private static void waits(Box box, long ms) {
    pulses(box, ms, 0);
  }

  private static void computes(Box box, long ms) {
    pulses(box, ms, VigilRules.PULSE_MS);
  }

  private static void pulses(Box box, long ms, long cpuEach) {
    long cpu = box.state().vigil().cpuMs();
    for (long t = 0; t < ms; t += VigilRules.PULSE_MS) {
      cpu += cpuEach;
      box.after(VigilRules.PULSE_MS).on(new AgentEvent.JobPulse(cpu));
    }
  }

  private static void speaks(Box box, long step) {
    box.on(
        new AgentEvent.JobProgressed(
            new Progress(step, 0, OptionalDouble.empty(), "step " + step)));
  }

  private static List<Report.JobStalled> stalls(Box box) {
    return box.spooled().stream()
        .filter(Report.JobStalled.class::isInstance)
        .map(Report.JobStalled.class::cast)
        .toList();
  }

  private static List<String> failures(Box box) {
    return box.spooled().stream()
        .filter(Report.OrderFailed.class::isInstance)
        .map(r -> ((Report.OrderFailed) r).orderId())
        .toList();
  }

  private static List<Reading> gpu(double use, double watts, double clockShare) {
    return new ArrayList<>(
        List.of(
            new Reading.Amount("gpu", "count", 1, "GPUs"),
            new Reading.Amount("gpu", "gpu0 use", use, "%"),
            new Reading.Amount("gpu", "gpu0 power", watts, "W"),
            new Reading.Amount("gpu", "gpu0 power limit", 450, "W"),
            new Reading.Amount("gpu", "gpu0 clock", clockShare * 2520, "MHz"),
            new Reading.Amount("gpu", "gpu0 clock max", 2520, "MHz")));
  }

  @Test
  void the_edges_of_patience_are_exact() {
    Vigil silent = Vigil.from(1_000);
    assertThat(silent.stalled(1_000 + QUIET - 1)).isEmpty();
    assertThat(silent.stalled(1_000 + QUIET)).isPresent();

    Vigil slow = silent.moved(1_000 + 9 * MIN);
    assertThat(slow.longestGap()).isEqualTo(9 * MIN);
    assertThat(slow.moved(1_000 + 10 * MIN).longestGap()).as("the longest").isEqualTo(9 * MIN);
    assertThat(slow.patience()).isEqualTo(36 * MIN);
    assertThat(Vigil.from(0).moved(MIN).patience()).isEqualTo(QUIET);
  }

  @Test
  void a_processor_that_is_used_for_more_than_a_twentieth_of_the_time_works() {
    Vigil vigil = Vigil.from(0).pulse(10_000, 10_000, 1);
    assertThat(vigil.workedAt()).isEqualTo(1);
    assertThat(vigil.pulse(10_500, 10_000, 2).workedAt()).as("just a twentieth").isEqualTo(1);
    assertThat(vigil.pulse(10_501, 10_000, 2).workedAt()).isEqualTo(2);
    assertThat(vigil.pulse(9_999, 10_000, 2).workedAt()).as("a process ended").isEqualTo(2);
    assertThat(vigil.pulse(10_000, 10_000, 2).workedAt()).as("none was used").isEqualTo(1);
  }

  @Test
  void one_that_spins_is_believed_for_six_times_its_patience_and_no_longer() {
    long last = 6 * QUIET;
    Vigil spins = Vigil.from(0).pulse(1_000, 10_000, last - 1);
    assertThat(spins.stalled(last - 1)).isEmpty();
    assertThat(spins.stalled(last)).hasValueSatisfying(why -> assertThat(why).contains("60 min"));
    Vigil worked = Vigil.from(0).pulse(1_000, 10_000, QUIET);
    assertThat(worked.stalled(2 * QUIET - 1)).isEmpty();
    assertThat(worked.stalled(2 * QUIET)).as("it waits since").isPresent();
  }

  @Test
  void idle_gpus_are_named_and_readings_of_a_minute_ago_say_nothing() {
    Vigil idle = Vigil.from(0).seen(gpu(0, 60, 0.2), QUIET);
    assertThat(idle.stalled(QUIET)).hasValueSatisfying(why -> assertThat(why).contains("idle"));
    Vigil busy = Vigil.from(0).seen(gpu(0, 300, 0.9), QUIET);
    assertThat(busy.stalled(QUIET + Vigil.STALE_MS - 1)).isEmpty();
    assertThat(busy.stalled(QUIET + Vigil.STALE_MS))
        .hasValueSatisfying(why -> assertThat(why).endsWith("its processes wait"));
  }

  @Test
  void readings_of_the_box_are_what_its_gpus_are_judged_by() {
    Box box = Box.running();
    List<Reading> busy = gpu(0, 300, 0.9);
    for (int i = 0; i < 72; i++) {
      box.after(10_000).on(new AgentEvent.ReadingsTaken(busy, List.of()));
      box.on(new AgentEvent.JobPulse(0));
    }
    assertThat(stalls(box)).isEmpty();
  }

  @Test
  void question_for_a_checkpoint_that_nobody_can_answer_fails_at_once() {
    Box box = Box.up().order("a1", new Order.AskCheckpoint());
    assertThat(box.spooled())
        .containsExactly(new Report.OrderFailed("a1", "no job runs that could be asked"));
  }

  @Test
  void box_wakes_when_an_answer_is_due_and_for_that_alone() {
    Box box = Box.listening();
    assertThat(VigilRules.wakeAt(box.state())).isEqualTo(Long.MAX_VALUE);
    box.after(1_000).order("a1", new Order.AskCheckpoint());
    assertThat(VigilRules.wakeAt(box.state())).isEqualTo(1_000 + VigilRules.ANSWER_MS);
    box.on(new AgentEvent.JobOver(new JobEnd(77, 0, JobEnd.Cause.DONE, List.of())));
    assertThat(VigilRules.wakeAt(box.state())).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void question_that_could_not_be_put_is_told_once() {
    Box box = Box.listening().after(1).order("a1", new Order.AskCheckpoint());
    box.on(new AgentEvent.AskFailed("no such process"));
    assertThat(failures(box)).containsExactly("a1");
    box.on(new AgentEvent.AskFailed("no such process"));
    assertThat(failures(box)).as("told once").containsExactly("a1");
  }
}
