package dev.salvor.common.telemetry.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.common.telemetry.Reading;
import dev.salvor.common.telemetry.gpu.GpuConclusion.Grade;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class GpuHealthTest {
  private static final double GIB = 1L << 30;

  private static GpuReading card(Map<GpuField, Gauge> gauges, GpuProcess... processes) {
    return new GpuReading(
        new GpuIdentity(0, "NVIDIA A100", "GPU-1", "00000000:01:00.0"), gauges, List.of(processes));
  }

  private static GpuReading at(double use, double power, double clock) {
    return card(
        Map.of(
            GpuField.USE, Gauge.of(use),
            GpuField.POWER, Gauge.of(power),
            GpuField.POWER_LIMIT, Gauge.of(400),
            GpuField.CLOCK, Gauge.of(clock),
            GpuField.CLOCK_MAX, Gauge.of(1980)));
  }

  @ParameterizedTest
  @CsvSource({
    "ECC_UNCORRECTED,0,HEALTHY",
    "ECC_UNCORRECTED,2,DEGRADED",
    "ECC_CORRECTED,2,HEALTHY",
    "REMAP_PENDING,1,DEGRADED",
    "REMAP_FAILED,1,LEAVE",
    "RETIRE_PENDING,1,DEGRADED",
    "RESET_REQUIRED,1,LEAVE",
    "RECOVERY_ACTION,0,HEALTHY",
    "RECOVERY_ACTION,2,LEAVE",
    "RECOVERY_ACTION,99,LEAVE",
    "THROTTLE,4,HEALTHY",
    "THROTTLE,1,HEALTHY",
    "THROTTLE,64,THROTTLED",
    "THROTTLE,8,THROTTLED",
    "THROTTLE,128,THROTTLED",
    "REMAPPED_UNCORRECTABLE,3,HEALTHY"
  })
  void one_number_tells_a_grade(GpuField field, double value, Grade grade) {
    GpuConclusion conclusion = GpuHealth.card(card(Map.of(field, Gauge.of(value))));
    assertThat(conclusion.grade()).isEqualTo(grade);
    assertThat(conclusion.why().isEmpty()).isEqualTo(grade == Grade.HEALTHY);
  }

  @Test
  void the_worst_comes_first_and_counts() {
    GpuReading worn =
        card(Map.of(GpuField.THROTTLE, Gauge.of(64), GpuField.REMAP_FAILED, Gauge.of(true)));
    GpuReport report =
        new GpuReport(
            "550.54.15", "12.4", List.of(worn), List.of(NvmlStatus.of(15).trouble("00:02")));
    GpuConclusion conclusion = GpuHealth.of(report);
    assertThat(conclusion.grade()).isEqualTo(Grade.DEAD);
    assertThat(conclusion.why()).hasSize(3);
    assertThat(conclusion.why().getFirst()).contains("00:02").contains("fallen off the bus");
  }

  @Test
  void a_card_that_answers_nothing_is_dead() {
    assertThat(GpuHealth.card(card(Map.of(GpuField.USE, NvmlStatus.of(15).gauge()))).grade())
        .isEqualTo(Grade.DEAD);
    assertThat(GpuHealth.card(card(Map.of(GpuField.FAN, NvmlStatus.of(3).gauge()))).grade())
        .isEqualTo(Grade.HEALTHY);
  }

  @ParameterizedTest
  @CsvSource({
    "0,60,210,IDLE",
    "0,60,1900,UNKNOWN",
    "100,350,1900,BUSY",
    "0,350,1900,BUSY",
    "100,60,1900,UNKNOWN",
    "3,99,300,IDLE"
  })
  void idle_takes_three_signs(double use, double power, double clock, GpuActivity activity) {
    assertThat(GpuActivity.of(List.of(at(use, power, clock)))).isEqualTo(activity);
  }

  @Test
  void one_busy_card_is_enough_and_one_unseen_is_not_idle() {
    GpuReading idle = at(0, 60, 210);
    assertThat(GpuActivity.of(List.of(idle, at(100, 350, 1900)))).isEqualTo(GpuActivity.BUSY);
    assertThat(GpuActivity.of(List.of(idle, card(Map.of())))).isEqualTo(GpuActivity.UNKNOWN);
    assertThat(GpuActivity.of(List.of())).isEqualTo(GpuActivity.UNKNOWN);
  }

  @Test
  void memory_that_no_process_holds_is_told_where_processes_are() {
    Map<GpuField, Gauge> gauges =
        Map.of(GpuField.MEMORY_USED, Gauge.of(20 * GIB), GpuField.PROCESSES, Gauge.of(1));
    GpuReading held = card(gauges, new GpuProcess(7, "python", Gauge.of(5 * GIB)));
    assertThat(GpuActivity.heldByNobody(held, true)).hasValue(15 * GIB);
    GpuReading own = card(gauges, new GpuProcess(7, "python", Gauge.of(19.8 * GIB)));
    assertThat(GpuActivity.heldByNobody(own, true)).isEmpty();
    GpuReading hidden = card(gauges, new GpuProcess(7, "python", NvmlStatus.of(3).gauge()));
    assertThat(GpuActivity.heldByNobody(hidden, true)).isEmpty();
  }

  @Test
  void in_a_container_that_is_shown_no_process_only_a_box_without_a_job_tells() {
    GpuReading blind =
        card(Map.of(GpuField.MEMORY_USED, Gauge.of(20 * GIB), GpuField.PROCESSES, Gauge.of(0)));
    assertThat(GpuActivity.heldByNobody(blind, true)).isEmpty();
    assertThat(GpuActivity.heldByNobody(blind, false)).hasValue(20 * GIB);
  }

  @Test
  void a_report_comes_back_from_its_readings() {
    GpuReport report =
        new GpuReport(
            "550.54.15",
            "12.4",
            List.of(
                card(Map.of(GpuField.USE, Gauge.of(7), GpuField.FAN, NvmlStatus.of(3).gauge())),
                new GpuReading(
                    new GpuIdentity(1, "NVIDIA A100", "", ""),
                    Map.of(GpuField.USE, NvmlStatus.of(15).gauge()))),
            List.of());
    assertThat(GpuReadings.report(GpuReadings.of(report))).isEqualTo(report);
    GpuReport blind =
        GpuReadings.report(
            List.of(
                new Reading.Amount("gpu", "count", 2, "GPUs"),
                new Reading.Absent("gpu", "gpu1", "nvmlDeviceGetHandleByIndex_v2: GPU is lost"),
                new Reading.Amount("disk", "gpu0 use", 2, "%")));
    assertThat(blind.gpus()).hasSize(2);
    assertThat(GpuHealth.of(blind).grade()).isEqualTo(Grade.DEAD);
    assertThat(GpuActivity.of(blind.gpus())).isEqualTo(GpuActivity.UNKNOWN);
  }
}
