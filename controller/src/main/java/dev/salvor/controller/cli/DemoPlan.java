package dev.salvor.controller.cli;

import dev.salvor.common.unit.RunId;
import dev.salvor.common.unit.Usd;
import dev.salvor.common.unit.UsdPerHour;
import dev.salvor.controller.core.RunSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;

/// What the demo runs, and where its box is taken away.
///
/// @param job a command of the user's; empty for the demo's own trainer
/// @param outbidAt the step to be outbid at; empty for never
/// @param bare boxes come without an agent and without a way to us
/// @param care what the job needs beside its command
record DemoPlan(
    Optional<String> job,
    int steps,
    long seed,
    OptionalLong outbidAt,
    boolean keep,
    boolean bare,
    RunSpec.Care care) {
  static final int STEPS = 1500;

  /// Fifteen checkpoints: enough to see them come home, few enough to read.
  private static final int CHECKPOINTS = 15;

  /// So that training takes about half a minute, whatever the machine.
  private static final int PACE_MS = 12;

  private static final String QUERY = "gpu_name=RTX_4090 num_gpus=1";
  private static final String IMAGE = "nvidia/cuda:12.4.1-runtime-ubuntu22.04";
  private static final int DISK_GB = 10;
  private static final UsdPerHour CAP = UsdPerHour.of(1.0);
  private static final Usd BUDGET = Usd.of(1.0);

  /// About the middle, another for each seed.
  static long middle(int steps, long seed) {
    return Math.max(1, steps * (40L + new Random(seed).nextInt(21)) / 100);
  }

  RunSpec spec() {
    return new RunSpec(
        new RunId("demo"),
        new RunSpec.Job(
            job.orElseGet(this::trainer),
            "/workspace",
            Map.of(),
            List.of("/workspace"),
            List.of("/work"),
            care),
        new RunSpec.Market(IMAGE, QUERY, DISK_GB, true, CAP),
        keep
            ? new RunSpec.Finish(RunSpec.After.KEEP, false)
            : new RunSpec.Finish(RunSpec.After.DESTROY, true),
        BUDGET);
  }

  /// What the sandbox is told to do to its box; empty for nothing.
  Optional<String> faults() {
    return outbidAt.isEmpty()
        ? Optional.empty()
        : Optional.of(
            """
            [{"kind":"outbid","trigger":{"path_regex":"step[-_](\\\\d+)","reaches":%d}}]\
            """
                .formatted(outbidAt.getAsLong()));
  }

  private String trainer() {
    return "java %s/examples/char-lm/CharLm.java --steps %d --every %d --seed %d --pace-ms %d --out /workspace/ckpt --results /work"
        .formatted(
            bare ? "/root/.salvor/bundle" : "/opt/salvor",
            steps,
            Math.max(1, steps / CHECKPOINTS),
            seed,
            PACE_MS);
  }
}
