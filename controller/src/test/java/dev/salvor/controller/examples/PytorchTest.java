package dev.salvor.controller.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.controller.testing.Needs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Holds the PyTorch example to what Salvor asks of a job.
final class PytorchTest {
  private static final String SOURCE =
      Path.of("../docs/examples/pytorch/train.py").toAbsolutePath().normalize().toString();

  /// Exits 0 when two checkpoints hold the same values; their pickles may differ in what they
  /// share.
  private static final String EQUAL =
      """
      import sys, torch
      def equal(x, y):
          if isinstance(x, torch.Tensor):
              return torch.equal(x, y)
          if isinstance(x, dict):
              return x.keys() == y.keys() and all(equal(x[k], y[k]) for k in x)
          if isinstance(x, (list, tuple)):
              return len(x) == len(y) and all(map(equal, x, y))
          return x == y
      a, b = (torch.load(f, weights_only=False) for f in sys.argv[1:])
      wrong = [k for k in a if not equal(a[k], b[k])]
      print(wrong)
      sys.exit(1 if wrong else 0)
      """;

  @TempDir Path folder;

  @BeforeEach
  void pytorch_is_there() throws Exception {
    boolean present = Files.isExecutable(Path.of("/usr/bin/python3"));
    if (present) {
      try (var probe = python("-c", "import torch")) {
        present = probe.exit() == 0;
      }
    }
    Needs.that(present, "/usr/bin/python3 has no torch (Debian: apt-get install python3-torch)");
  }

  private Trainer python(Object... words) throws IOException {
    return Trainer.start(folder, List.of("/usr/bin/python3"), words);
  }

  private Trainer train(String out, int steps, int every, Object... more) throws IOException {
    var command =
        List.of(
            "/usr/bin/python3", SOURCE, "--out", out, "--steps", steps + "", "--every", every + "");
    return Trainer.start(folder, command, more);
  }

  @Test
  void killed_run_resumes_with_the_same_numbers_past_a_damaged_checkpoint() throws Exception {
    try (var whole = train("whole", 60, 10, "--results", "work")) {
      assertThat(whole.exit()).as(whole.output()).isZero();
      assertThat(whole.output())
          .containsPattern("step 60/60 loss \\d\\.\\d{3} lr \\S+ \\d+ chars/s");
    }
    assertThat(folder.resolve("work/metrics.json")).content().contains("\"steps\": 60");
    assertThat(folder.resolve("work/sample.txt")).isNotEmptyFile();
    try (var cut = train("cut", 60, 10, "--pace-ms", 60)) {
      cut.awaitOutput("step_00000020.pt");
      cut.kill();
    }
    Files.write(folder.resolve("cut/step_00000059.pt"), new byte[100_000]);
    try (var resumed = train("cut", 60, 10)) {
      assertThat(resumed.exit()).as(resumed.output()).isZero();
      assertThat(resumed.output()).contains("passing over cut/step_00000059.pt");
      assertThat(resumed.output()).containsPattern("resumed from step [2-5]0\n");
    }
    try (var equal = python("-c", EQUAL, "whole/step_00000060.pt", "cut/step_00000060.pt")) {
      assertThat(equal.exit()).as(equal.output()).isZero();
    }
  }

  @Test
  void sigterm_saves_the_step_under_way() throws Exception {
    try (var trainer = train("out", 100_000, 100_000)) {
      trainer.awaitOutput("step ");
      trainer.terminate();
      assertThat(trainer.exit()).as(trainer.output()).isEqualTo(143);
      assertThat(trainer.output())
          .containsPattern("saved out/step_\\d{8}.pt\nstopped at step \\d+");
    }
  }
}
