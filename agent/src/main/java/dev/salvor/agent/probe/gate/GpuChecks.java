package dev.salvor.agent.probe.gate;

import dev.salvor.agent.core.Gate;
import dev.salvor.agent.core.Gate.Refusal;
import dev.salvor.common.telemetry.gpu.GpuConclusion;
import dev.salvor.common.telemetry.gpu.GpuHealth;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/// Whether the GPUs are those that were promised, and well.
final class GpuChecks {
  /// Every platform writes a model in its own way.
  private static final String NOT_A_NAME = "[^a-z0-9]";

  /// Hosts that somebody looked at, and hosts that stay up.
  static final String VERIFIED = "verified=true";

  static final String RELIABLE = "reliability>0.99";

  /// Of CUresult: the driver is older than the library, or the library's bridge does not bear.
  private static final List<Integer> TOO_OLD = List.of(35, 803, 804);

  private GpuChecks() {}

  /// By the driver's word; where there is nobody to give it, by what CUDA takes up.
  static Optional<Refusal> judge(Seen gpus, Gate.Promise promise, CudaChild.Found found) {
    GpuConclusion health = GpuHealth.of(gpus.report());
    if (health.grade().compareTo(GpuConclusion.Grade.LEAVE) >= 0) {
      return Optional.of(new Refusal("gpu-health", health.why().getFirst(), RELIABLE));
    }
    if (gpus.amount("count").isPresent()) {
      int count = (int) gpus.amount("count").orElse(0);
      List<String> names =
          IntStream.range(0, count).mapToObj(i -> gpus.text("gpu" + i).orElse("")).toList();
      return judge("the driver shows", count, names, promise);
    }
    return found instanceof CudaChild.Found.Works works
        ? judge("CUDA takes up", works.devices(), works.names(), promise)
        : Optional.empty();
  }

  private static Optional<Refusal> judge(
      String whoSays, int count, List<String> names, Gate.Promise promise) {
    if (promise.gpus() > 0 && count < promise.gpus()) {
      return Optional.of(
          new Refusal(
              "gpu-count",
              "%d GPUs were rented, and %s %d".formatted(promise.gpus(), whoSays, count),
              "num_gpus>=" + promise.gpus()));
    }
    for (int i = 0; i < names.size(); i++) {
      if (!names.get(i).isEmpty() && !isModel(names.get(i), promise.gpu())) {
        return Optional.of(
            new Refusal(
                "gpu-model",
                "%s was rented, and gpu%d is %s".formatted(promise.gpu(), i, names.get(i)),
                VERIFIED));
      }
    }
    return Optional.empty();
  }

  /// The first look through CUDA did not end well, or found fewer than the driver shows.
  ///
  /// @param image the CUDA of the image, "" where nobody knows
  static Optional<Refusal> cuda(Seen gpus, CudaChild.Found found, String image) {
    int shown = (int) gpus.amount("count").orElse(0);
    return switch (found) {
      case CudaChild.Found.Fails fails -> {
        boolean tooOld = TOO_OLD.contains(fails.result()) && !image.isEmpty();
        yield Optional.of(
            new Refusal("cuda", fails.why(), tooOld ? "cuda_max_good>=" + image : RELIABLE));
      }
      case CudaChild.Found.Works works when works.devices() < shown ->
          Optional.of(
              new Refusal(
                  "gpu-count",
                  "the driver shows %d GPUs, and CUDA takes up %d"
                      .formatted(shown, works.devices()),
                  VERIFIED));
      case CudaChild.Found.Works _, CudaChild.Found.Absent _ -> Optional.empty();
    };
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
