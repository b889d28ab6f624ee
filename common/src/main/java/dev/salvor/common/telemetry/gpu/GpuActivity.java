package dev.salvor.common.telemetry.gpu;

import java.util.List;
import java.util.OptionalDouble;

/// Whether cards work, by several signs together. One number says nothing: a job that waits for its
/// data shows 0 % of use, and ranks in a deadlock show 100 %.
public enum GpuActivity {
  BUSY,
  IDLE,
  UNKNOWN;

  /// Of 100.
  private static final double IDLE_USE = 5;

  /// Of the card's limit, and of its fastest clock: cards at rest draw and run less.
  private static final double IDLE_POWER = 0.25;

  private static final double IDLE_CLOCK = 0.5;

  /// Memory of less is the driver's own: older ones count what they keep back as used, some 700 MB
  /// on large cards.
  private static final double HELD = 1024.0 * 1024 * 1024;

  /// IDLE only where every card shows all three signs; UNKNOWN where one cannot be seen.
  public static GpuActivity of(List<GpuReading> gpus) {
    GpuActivity all = gpus.isEmpty() ? UNKNOWN : IDLE;
    for (GpuReading gpu : gpus) {
      GpuActivity one =
          of(
              gpu.number(GpuField.USE).orElse(Double.NaN),
              share(gpu, GpuField.POWER, GpuField.POWER_LIMIT),
              share(gpu, GpuField.CLOCK, GpuField.CLOCK_MAX));
      if (one == BUSY) {
        return one;
      }
      all = one == UNKNOWN ? one : all;
    }
    return all;
  }

  /// Of one card. What is not known is NaN.
  ///
  /// @param use in percent
  /// @param power drawn, of the limit
  /// @param clock running, of the fastest
  public static GpuActivity of(double use, double power, double clock) {
    if (Double.isNaN(use) || Double.isNaN(power) || Double.isNaN(clock)) {
      return UNKNOWN;
    }
    // Use without power is a kernel that spins: no work, and no proof of rest either.
    if (use < IDLE_USE && power < IDLE_POWER && clock < IDLE_CLOCK) {
      return IDLE;
    }
    return power >= IDLE_POWER ? BUSY : UNKNOWN;
  }

  /// Bytes of a card's memory that no process holds that is told, though processes are told: what a
  /// killed job left, or a neighbour's. Empty where that cannot be known, as in a container that is
  /// shown no processes at all while its own job may run.
  ///
  /// @param jobRuns whether a job of ours runs on the box
  public static OptionalDouble heldByNobody(GpuReading gpu, boolean jobRuns) {
    OptionalDouble used = gpu.number(GpuField.MEMORY_USED);
    OptionalDouble told = gpu.number(GpuField.PROCESSES);
    if (used.isEmpty() || (told.isEmpty() && jobRuns) || (told.orElse(0) == 0 && jobRuns)) {
      return OptionalDouble.empty();
    }
    OptionalDouble held = told.orElse(0) == 0 ? OptionalDouble.of(0) : held(gpu);
    if (held.isEmpty()) {
      return OptionalDouble.empty();
    }
    double nobody = used.getAsDouble() - held.getAsDouble();
    return nobody > HELD ? OptionalDouble.of(nobody) : OptionalDouble.empty();
  }

  /// What all processes that are told hold together; empty where one of them does not say.
  static OptionalDouble held(GpuReading gpu) {
    if (gpu.processes().isEmpty()) {
      return gpu.number(GpuField.MEMORY_OF_PROCESSES);
    }
    double held = 0;
    for (GpuProcess process : gpu.processes()) {
      OptionalDouble memory = process.memory().number();
      if (memory.isEmpty()) {
        return OptionalDouble.empty();
      }
      held += memory.getAsDouble();
    }
    return OptionalDouble.of(held);
  }

  private static double share(GpuReading gpu, GpuField part, GpuField whole) {
    double of = gpu.number(whole).orElse(Double.NaN);
    return of > 0 ? gpu.number(part).orElse(Double.NaN) / of : Double.NaN;
  }
}
