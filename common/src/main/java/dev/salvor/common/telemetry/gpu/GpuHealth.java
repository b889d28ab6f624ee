package dev.salvor.common.telemetry.gpu;

import dev.salvor.common.telemetry.gpu.GpuConclusion.Grade;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;

/// What follows from what a box's cards say of themselves, whoever was asked.
public final class GpuHealth {
  /// What the driver wants done, by number (nvml.h, field 230).
  private static final List<String> RECOVERY =
      List.of("none", "GPU reset", "node reboot", "drain P2P", "drain and reset", "IMEX");

  private static final int RECOVERY_LAST = RECOVERY.size() - 1;

  private GpuHealth() {}

  /// Of all cards together: the worst counts.
  public static GpuConclusion of(GpuReport report) {
    List<Finding> findings = new ArrayList<>();
    for (GpuTrouble trouble : report.troubles()) {
      findings.add(trouble(trouble));
    }
    for (GpuReading gpu : report.gpus()) {
      findings.addAll(of(gpu));
    }
    return conclusion(findings);
  }

  /// Of one card.
  public static GpuConclusion card(GpuReading gpu) {
    return conclusion(of(gpu));
  }

  private static GpuConclusion conclusion(List<Finding> findings) {
    List<Finding> worstFirst = new ArrayList<>(findings);
    worstFirst.sort(Comparator.comparing(Finding::grade).reversed());
    Grade grade = worstFirst.isEmpty() ? Grade.HEALTHY : worstFirst.getFirst().grade();
    return new GpuConclusion(grade, worstFirst.stream().map(Finding::why).distinct().toList());
  }

  private static Finding trouble(GpuTrouble trouble) {
    String which = trouble.card().isEmpty() ? "" : "GPU " + trouble.card() + ": ";
    String why =
        switch (trouble.kind()) {
          case NO_LIBRARY ->
              "there is no nvidia-smi or driver library: this image or host was started without"
                  + " GPUs";
          case NO_DRIVER -> "the host's driver does not answer";
          case VERSION_MISMATCH ->
              "the host's driver was changed under the running container: it works again only after"
                  + " the box is restarted";
          case NO_DEVICES -> "the driver is there and has no card";
          case NO_HANDLE -> "the card cannot be opened: leave the box";
          case LOST -> "the card has fallen off the bus: leave the box";
          case NO_PERMISSION ->
              "the container may not reach the card any more: restart the box, else leave it";
          case STUCK -> "the driver hangs: leave the box";
          case INFOROM -> "its settings memory (infoROM) is corrupted: it runs, and is a bad sign";
          case OTHER -> "it cannot be asked";
        };
    Grade grade = trouble.kind() == GpuTrouble.Kind.INFOROM ? Grade.DEGRADED : Grade.DEAD;
    return new Finding(grade, "%s%s (%s)".formatted(which, why, shortened(trouble.said())));
  }

  private static List<Finding> of(GpuReading gpu) {
    List<Finding> findings = new ArrayList<>();
    String card = "GPU " + gpu.who().index() + ": ";
    if (isLost(gpu)) {
      return List.of(new Finding(Grade.DEAD, card + "it does not answer any more: leave the box"));
    }
    wear(gpu, card, findings);
    links(gpu, card, findings);
    throttle(gpu, card, findings);
    return findings;
  }

  /// Whether the card answers nothing but that it is gone.
  public static boolean isLost(GpuReading gpu) {
    return gpu.gauges().values().stream()
        .anyMatch(one -> one instanceof Gauge.Missing none && isLost(none));
  }

  private static boolean isLost(Gauge.Missing none) {
    return none.why() == Gauge.Why.LOST || none.said().contains("requires reset");
  }

  private static void links(GpuReading gpu, String card, List<Finding> findings) {
    double down = gpu.number(GpuField.NVLINKS_DOWN).orElse(0);
    double up = gpu.number(GpuField.NVLINKS_UP).orElse(0);
    boolean soldered = gpu.who().name().contains("SXM") || gpu.who().name().contains("HBM3");
    if (soldered && down > 0 && up > 0) {
      findings.add(
          new Finding(
              Grade.DEGRADED, card + "%.0f of %.0f NVLinks are down".formatted(down, down + up)));
    }
  }

  private static void wear(GpuReading gpu, String card, List<Finding> findings) {
    OptionalDouble recovery = gpu.number(GpuField.RECOVERY_ACTION);
    if (recovery.orElse(0) > 0) {
      String action = RECOVERY.get(Math.clamp((long) recovery.getAsDouble(), 0, RECOVERY_LAST));
      findings.add(
          new Finding(Grade.LEAVE, card + "the driver asks for: " + action + "; leave the box"));
    }
    if (gpu.is(GpuField.RESET_REQUIRED)) {
      findings.add(new Finding(Grade.LEAVE, card + "it needs a reset: leave the box"));
    }
    if (gpu.is(GpuField.REMAP_FAILED)) {
      findings.add(
          new Finding(
              Grade.LEAVE, card + "remapping bad memory failed, it is worn out: leave the box"));
    }
    if (gpu.is(GpuField.REMAP_PENDING) || gpu.is(GpuField.RETIRE_PENDING)) {
      findings.add(
          new Finding(
              Grade.DEGRADED, card + "bad memory waits to be taken out of use, at the next reset"));
    }
    double errors = gpu.number(GpuField.ECC_UNCORRECTED).orElse(0);
    if (errors > 0) {
      findings.add(
          new Finding(
              Grade.DEGRADED,
              card + "%.0f uncorrected memory errors since its start".formatted(errors)));
    }
  }

  private static void throttle(GpuReading gpu, String card, List<Finding> findings) {
    String reasons = Throttle.stolenBy((long) gpu.number(GpuField.THROTTLE).orElse(0));
    if (!reasons.isEmpty()) {
      String clock =
          gpu.number(GpuField.CLOCK).isPresent() && gpu.number(GpuField.CLOCK_MAX).isPresent()
              ? " at %.0f of %.0f MHz"
                  .formatted(
                      gpu.number(GpuField.CLOCK).getAsDouble(),
                      gpu.number(GpuField.CLOCK_MAX).getAsDouble())
              : "";
      findings.add(new Finding(Grade.THROTTLED, card + "slowed" + clock + " by " + reasons));
    }
  }

  private static String shortened(String said) {
    return said.length() > 160 ? said.substring(0, 160) + "..." : said;
  }

  private record Finding(Grade grade, String why) {}
}
