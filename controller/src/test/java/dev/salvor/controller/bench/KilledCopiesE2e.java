package dev.salvor.controller.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.disk.Trees;
import dev.salvor.controller.cli.Wiring;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Copies whose sender, receiver or line is killed at any moment, `-Dsalvor.kills=N` times: every
/// one that ends is right.
final class KilledCopiesE2e {
  private static final int KILLS = Integer.getInteger("salvor.kills", 0);
  private static final long SEED = Long.getLong("salvor.seed", 1);
  private static final int BYTES = 96 << 20;

  /// What may be on its way, encrypted or not yet kept, when something is killed.
  private static final long UNDER_WAY = 24L << 20;

  @TempDir Path temp;
  private final Random random = new Random(SEED);

  @Test
  void every_copy_that_ends_is_right_however_often_its_sides_are_killed() throws Exception {
    Assumptions.assumeTrue(KILLS > 0, "minutes: say how many with -Dsalvor.kills=200");
    Path installation = Path.of("..").toAbsolutePath().normalize();
    Lab lab =
        new Lab(installation, temp, 1, new Wiring.BenchScope(1, 1, "", 1, 1, BYTES), line -> {});
    try (CarryRig rig = new CarryRig(lab, temp, Bundle.make(lab), true);
        CountingRelay relay = CountingRelay.to(rig::port)) {
      rig.dial(relay.port());
      int kills = 0;
      for (int step = 1; kills < KILLS; step++) {
        kills += copy(rig, relay, step);
      }
      assertThat(kills).isGreaterThanOrEqualTo(KILLS);
    }
  }

  /// Copies one checkpoint to its end; how often something was killed meanwhile.
  private int copy(CarryRig rig, CountingRelay relay, int step)
      throws IOException, InterruptedException {
    Path checkpoint = rig.box().resolve("work/checkpoints/step-" + step);
    Files.createDirectories(checkpoint);
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    Files.write(checkpoint.resolve("weights.bin"), bytes);
    Unit unit = rig.checkpoint(checkpoint, step);
    long _ = relay.taken();
    int kills = 0;
    while (!rig.receipted(unit)) {
      Process carry = rig.begin(unit);
      boolean ended = carry.waitFor(400 + random.nextInt(1200), TimeUnit.MILLISECONDS);
      if (!ended) {
        kills++;
        kill(rig, relay, carry);
      }
      assertThat(carry.waitFor(60, TimeUnit.SECONDS)).as("carry ends").isTrue();
    }
    assertThat(relay.taken())
        .as("no kept block is sent again")
        .isLessThan(BYTES + 8 + (kills + 1) * UNDER_WAY);
    assertThat(rig.landed(unit).resolve("data/weights.bin")).hasBinaryContent(bytes);
    assertThat(staged()).as("nothing stays in staging").isZero();
    Trees.remove(checkpoint);
    Trees.remove(rig.landed(unit));
    return kills;
  }

  private void kill(CarryRig rig, CountingRelay relay, Process carry) throws IOException {
    switch (random.nextInt(3)) {
      case 0 -> carry.destroyForcibly();
      case 1 -> rig.restartHarbour();
      default -> relay.cut();
    }
  }

  private long staged() throws IOException {
    Path staging = temp.resolve("staging/bench");
    if (!Files.isDirectory(staging)) {
      return 0;
    }
    try (Stream<Path> left = Files.list(staging)) {
      return left.count();
    }
  }
}
