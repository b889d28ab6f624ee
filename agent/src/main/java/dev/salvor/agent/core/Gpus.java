package dev.salvor.agent.core;

import dev.salvor.common.telemetry.Reading;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Judges from a probe's readings whether the GPUs work. One number says nothing: a job that waits
/// for its data shows 0 % of use, and ranks in a deadlock show 100 %.
final class Gpus {
  private static final String PROBE = "gpu";

  /// Of 100.
  private static final double IDLE_USE = 5;

  /// Of the card's limit, and of its fastest clock: cards at rest draw and run less.
  private static final double IDLE_POWER = 0.25;

  private static final double IDLE_CLOCK = 0.5;

  private Gpus() {}

  /// IDLE only where every GPU shows all three signs; UNKNOWN where one cannot be seen.
  static Vigil.Gpu judge(List<Reading> readings) {
    Map<String, Double> amounts = new HashMap<>();
    for (Reading reading : readings) {
      if (reading instanceof Reading.Amount amount && amount.probe().equals(PROBE)) {
        amounts.put(amount.name(), amount.value());
      }
    }
    int count = (int) Math.clamp(amounts.getOrDefault("count", 0.0), 0, 64);
    Vigil.Gpu all = count == 0 ? Vigil.Gpu.UNKNOWN : Vigil.Gpu.IDLE;
    for (int i = 0; i < count; i++) {
      Vigil.Gpu one = one(amounts, "gpu" + i + " ");
      if (one == Vigil.Gpu.BUSY) {
        return one;
      }
      all = one == Vigil.Gpu.UNKNOWN ? one : all;
    }
    return all;
  }

  private static Vigil.Gpu one(Map<String, Double> amounts, String gpu) {
    double use = amounts.getOrDefault(gpu + "use", Double.NaN);
    double power = share(amounts, gpu + "power", gpu + "power limit");
    double clock = share(amounts, gpu + "clock", gpu + "clock max");
    if (Double.isNaN(use) || Double.isNaN(power) || Double.isNaN(clock)) {
      return Vigil.Gpu.UNKNOWN;
    }
    // Use without power is a kernel that spins: no work, and no proof of rest either.
    boolean atRest = power < IDLE_POWER && clock < IDLE_CLOCK;
    if (use < IDLE_USE && atRest) {
      return Vigil.Gpu.IDLE;
    }
    return power >= IDLE_POWER ? Vigil.Gpu.BUSY : Vigil.Gpu.UNKNOWN;
  }

  private static double share(Map<String, Double> amounts, String name, String of) {
    double whole = amounts.getOrDefault(of, Double.NaN);
    return whole > 0 ? amounts.getOrDefault(name, Double.NaN) / whole : Double.NaN;
  }
}
