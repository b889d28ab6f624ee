package dev.salvor.agent.probe.gate;

import dev.salvor.agent.core.Gate;
import dev.salvor.agent.core.Gate.Refusal;
import dev.salvor.common.telemetry.gpu.GpuConclusion;
import dev.salvor.common.telemetry.gpu.GpuHealth;
import java.util.Locale;
import java.util.Optional;

/// Whether the GPUs are those that were promised, and well.
final class GpuChecks {
  /// Every platform writes a model in its own way.
  private static final String NOT_A_NAME = "[^a-z0-9]";

  private GpuChecks() {}

  static Optional<Refusal> judge(Seen gpus, Gate.Promise promise) {
    int count = (int) gpus.amount("count").orElse(0);
    GpuConclusion health = GpuHealth.of(gpus.report());
    if (health.grade().compareTo(GpuConclusion.Grade.LEAVE) >= 0) {
      return Optional.of(new Refusal("gpu-health", health.why().getFirst(), "reliability>0.99"));
    }
    if (promise.gpus() > 0 && count < promise.gpus()) {
      return Optional.of(
          new Refusal(
              "gpu-count",
              "%d GPUs were rented, and the driver shows %d".formatted(promise.gpus(), count),
              "num_gpus>=" + promise.gpus()));
    }
    for (int i = 0; i < count; i++) {
      Optional<String> name = gpus.text("gpu" + i);
      if (name.isPresent() && !isModel(name.get(), promise.gpu())) {
        return Optional.of(
            new Refusal(
                "gpu-model",
                "%s was rented, and gpu%d is %s".formatted(promise.gpu(), i, name.get()),
                "verified=true"));
      }
    }
    return Optional.empty();
  }

  /// "RTX 4090" is an "NVIDIA GeForce RTX 4090", "H100 SXM" an "NVIDIA H100 80GB HBM3": the words
  /// with digits in them decide, since the rest is written as each likes.
  static boolean isModel(String name, String promised) {
    String has = plain(name);
    for (String word : promised.split("[ _-]+", -1)) {
      boolean telling = word.matches(".*[0-9].*") && !word.matches("(?i)[0-9]+GB");
      if (telling && !has.contains(plain(word))) {
        return false;
      }
    }
    return true;
  }

  private static String plain(String words) {
    return words.toLowerCase(Locale.ROOT).replaceAll(NOT_A_NAME, "");
  }
}
