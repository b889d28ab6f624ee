package dev.salvor.controller.view;

import dev.salvor.common.telemetry.Reading;
import dev.salvor.common.telemetry.gpu.GpuActivity;
import dev.salvor.common.telemetry.gpu.GpuConclusion;
import dev.salvor.common.telemetry.gpu.GpuConclusion.Grade;
import dev.salvor.common.telemetry.gpu.GpuHealth;
import dev.salvor.common.telemetry.gpu.GpuReading;
import dev.salvor.common.telemetry.gpu.GpuReadings;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/// What follows from all that a box's probes told of its cards: the judgement of its gate and of
/// 'inspect', while the job runs.
public final class Cards {
  private static final String PROBE = "gpu ";

  private Cards() {}

  /// Something that is wrong with a card.
  ///
  /// @param kind "ill", "worn" or "held", for a key that stays the same
  public record Finding(int card, String kind, Grade grade, String words) {}

  /// What slows a card is told by the driver in words, and is left to them.
  ///
  /// @param jobRuns whether a job of ours runs on the box
  public static List<Finding> of(Vitals vitals, boolean jobRuns) {
    List<Finding> findings = new ArrayList<>();
    for (GpuReading gpu : GpuReadings.report(readings(vitals)).gpus()) {
      int card = gpu.who().index();
      GpuConclusion health = GpuHealth.card(gpu);
      if (health.grade().compareTo(Grade.DEGRADED) >= 0) {
        String kind = health.grade() == Grade.DEGRADED ? "worn" : "ill";
        findings.add(new Finding(card, kind, health.grade(), String.join("; ", health.why())));
      }
      OptionalDouble nobody = GpuActivity.heldByNobody(gpu, jobRuns);
      if (nobody.isPresent()) {
        String whose = jobRuns ? "no process that is told" : "no process, and no job of ours runs";
        findings.add(
            new Finding(
                card,
                "held",
                Grade.DEGRADED,
                "GPU %d: %s of its memory is held by %s: left by one that died, or somebody else's"
                    .formatted(card, Words.bytes(Math.round(nobody.getAsDouble())), whose)));
      }
    }
    return findings;
  }

  private static List<Reading> readings(Vitals vitals) {
    List<Reading> readings = new ArrayList<>();
    vitals
        .values()
        .forEach((key, value) -> {
          if (key.startsWith(PROBE)) {
            readings.add(reading(key.substring(PROBE.length()), value));
          }
        });
    return readings;
  }

  private static Reading reading(String name, Vitals.Value value) {
    String probe = PROBE.strip();
    if (value.absent()) {
      return new Reading.Absent(probe, name, value.text());
    }
    return Double.isNaN(value.number())
        ? new Reading.Text(probe, name, value.text())
        : new Reading.Amount(probe, name, value.number(), value.text());
  }
}
