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
}
