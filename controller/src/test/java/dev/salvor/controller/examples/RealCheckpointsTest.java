package dev.salvor.controller.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.common.checkpoint.Completeness;
import dev.salvor.common.checkpoint.FileEntry;
import dev.salvor.common.checkpoint.Manifest;
import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.checkpoint.UnitId;
import dev.salvor.common.checkpoint.UnitKind;
import dev.salvor.common.format.Inspection;
import dev.salvor.common.inspect.PathCheck;
import dev.salvor.common.unit.Sha256;
import dev.salvor.controller.testing.Needs;
import dev.salvor.controller.verify.Verifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Checkpoints that PyTorch itself writes: accepted as they are, and never when damaged.
final class RealCheckpointsTest {
  private static final String PYTHON = "/usr/bin/python3";
  private static final String SOURCE =
      Path.of("../docs/examples/pytorch/train.py").toAbsolutePath().normalize().toString();

  /// The same state as older torch wrote it, and sharded by torch itself.
  private static final String REWRITE =
      """
      import sys, torch
      state = torch.load(sys.argv[1])
      torch.save(state, sys.argv[2], _use_new_zipfile_serialization=False)
      """;

  private static final int TIMES = 200;
  private static final long SEED = 11;

  @TempDir Path folder;

  private List<Path> trained() throws IOException, InterruptedException {
    Path out = folder.resolve("out");
    List<String> train =
        List.of(PYTHON, SOURCE, "--out", out.toString(), "--steps", "20", "--every", "10");
    try (Trainer trainer = Trainer.start(folder, train, "--results", folder.resolve("work"))) {
      assertThat(trainer.exit()).as(trainer.output()).isZero();
    }
    Path zip;
    try (Stream<Path> files = Files.list(out)) {
      zip = files.filter(file -> file.toString().endsWith(".pt")).sorted().toList().getLast();
    }
    Path legacy = out.resolve("step_00000020_legacy.pt");
    List<String> rewrite = List.of(PYTHON, "-c", REWRITE, zip.toString(), legacy.toString());
    try (Trainer trainer = Trainer.start(folder, rewrite)) {
      assertThat(trainer.exit()).as(trainer.output()).isZero();
    }
    return List.of(zip, legacy);
  }

  private static boolean hasTorch() throws IOException, InterruptedException {
    return Files.isExecutable(Path.of(PYTHON))
        && new ProcessBuilder(PYTHON, "-c", "import torch").start().waitFor() == 0;
  }

  @Test
  void what_torch_writes_is_accepted_and_damaged_never_is() throws Exception {
    Assumptions.assumeTrue(Boolean.getBoolean("salvor.full"), "only in the full check");
    Needs.that(hasTorch(), PYTHON + " has no torch (Debian: apt-get install python3-torch)");
    for (Path file : trained()) {
      Inspection found = PathCheck.inspect(file);
      assertThat(found.verdict().accepted()).as(file + ": " + found).isTrue();
      assertThat(found.step()).as(file + ": " + found).hasValue(20);
      damaged(file, found.format());
    }
  }

  private void damaged(Path file, String format) throws IOException {
    byte[] whole = Files.readAllBytes(file);
    FileEntry entry = new FileEntry("model.pt", whole.length, Sha256.of(whole));
    Manifest manifest = new Manifest("/work/ckpt", List.of(entry));
    Unit unit =
        new Unit(
            new UnitId(1, 1, 1, manifest.digest()),
            UnitKind.CHECKPOINT,
            format,
            20,
            Completeness.COMMITTED,
            manifest,
            Instant.EPOCH);
    Path data = Files.createDirectories(folder.resolve("data-" + format));
    Path copy = data.resolve("model.pt");
    Files.write(copy, whole);
    assertThat(new Verifier().verify(unit, data).accepted()).isTrue();
    Random random = new Random(SEED);
    int cuts = 0;
    int flips = 0;
    for (int i = 0; i < TIMES; i++) {
      Files.write(copy, Arrays.copyOf(whole, random.nextInt(whole.length)));
      assertThat(new Verifier().verify(unit, data).accepted()).isFalse();
      cuts += PathCheck.inspect(copy).verdict().accepted() ? 0 : 1;
      byte[] bent = whole.clone();
      int bit = random.nextInt(whole.length * 8);
      bent[bit / 8] ^= (byte) (1 << bit % 8);
      Files.write(copy, bent);
      assertThat(new Verifier().verify(unit, data).accepted()).isFalse();
      flips += PathCheck.inspect(copy).verdict().accepted() ? 0 : 1;
    }
    System.out.printf(
        "RealCheckpointsTest: %s of %d bytes: structure alone shows %d of %d cuts, %d of %d bits%n",
        format, whole.length, cuts, TIMES, flips, TIMES);
    assertThat(cuts).isEqualTo(TIMES);
  }
}
