package dev.salvor.common.telemetry.captured;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Bends real captures at random: a verdict each time, and soon. For a second in the normal build;
/// `-Dsalvor.fuzz.seconds=600` for longer.
final class TelemetryMutationTest {
  private static final long SECONDS =
      Long.getLong("salvor.fuzz.seconds", Boolean.getBoolean("salvor.full") ? 60 : 1);

  private static final long MAX_NANOS = Duration.ofSeconds(5).toNanos();

  private static List<byte[]> captures() throws IOException {
    List<byte[]> all = new ArrayList<>();
    for (TelemetryCorpus.Case one : TelemetryCorpus.cases()) {
      try (Stream<Path> files = Files.walk(one.place())) {
        for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
          all.add(Files.readAllBytes(file));
        }
      }
    }
    return all;
  }

  @Test
  void a_bent_capture_is_a_verdict_and_soon() throws IOException {
    assumeTrue(TelemetryCorpus.isPresent(), "no collection of telemetry here");
    List<byte[]> captures = captures();
    Random random = new Random(20261122);
    long until = System.nanoTime() + Duration.ofSeconds(SECONDS).toNanos();
    int bent = 0;
    long slowest = 0;
    while (System.nanoTime() < until) {
      byte[] bytes = bend(captures.get(random.nextInt(captures.size())), random);
      long begun = System.nanoTime();
      Capture capture = FileReader.read("memory.max", bytes, Optional.empty());
      slowest = Math.max(slowest, System.nanoTime() - begun);
      assertThat(capture.conclusion()).isNotBlank();
      bent++;
    }
    System.out.printf(
        "TelemetryMutationTest: %d bent captures, the slowest took %d ms%n",
        bent, slowest / 1_000_000);
    assertThat(bent).isPositive();
    assertThat(slowest).isLessThan(MAX_NANOS);
  }

  private static byte[] bend(byte[] whole, Random random) {
    byte[] bytes = whole.clone();
    if (bytes.length == 0) {
      return bytes;
    }
    switch (random.nextInt(4)) {
      case 0 -> bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length));
      case 1 -> {
        for (int i = 0; i <= random.nextInt(20); i++) {
          bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
      }
      case 2 -> {
        int from = random.nextInt(bytes.length);
        int length = Math.min(bytes.length - from, 1 + random.nextInt(200));
        Arrays.fill(bytes, from, from + length, (byte) "0< :|,[%\n".charAt(random.nextInt(9)));
      }
      default -> {
        int from = random.nextInt(bytes.length);
        int to = random.nextInt(bytes.length);
        int length = Math.min(bytes.length - Math.max(from, to), random.nextInt(2_000));
        System.arraycopy(whole, from, bytes, to, Math.max(0, length));
      }
    }
    return bytes;
  }
}
