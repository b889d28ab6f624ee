package dev.salvor.common.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.salvor.common.format.Content;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Bends real files at random: a verdict each time, soon, in bounded memory. Some thousand times in
/// the normal build; `-Dsalvor.fuzz.seconds=600` for longer, the full check takes a minute.
final class MutationTest {
  private static final long SECONDS =
      Long.getLong("salvor.fuzz.seconds", Boolean.getBoolean("salvor.full") ? 60 : 4);

  private static final int MAX_FILE = 400_000;
  private static final long MAX_NANOS = Duration.ofSeconds(10).toNanos();

  /// What one judgement may allocate over its whole life, most of it buffers that come and go.
  private static final long MAX_ALLOCATED = 256L << 20;

  static final List<String> SAMPLES =
      List.of(
          "torch_zip.pt",
          "torch_legacy.pt",
          "weights.safetensors",
          "tiny.gguf",
          "tiny.onnx",
          "tiny.h5",
          "tiny.keras",
          "arrays.npz",
          "array.npy",
          "ckpt-3.index",
          "manifest.ocdbt",
          "dump.joblib",
          "dump.joblib.gz",
          "dump.joblib.bz2",
          "dump.joblib.xz",
          "dump.joblib.lz4",
          "tree.msgpack",
          "plain.pkl",
          "pipeline.skops");

  @SuppressWarnings("ArrayRecordComponent")
  private record Specimen(String name, byte[] bytes) {}

  private static List<Specimen> specimens() throws IOException {
    List<Specimen> all = new ArrayList<>();
    SAMPLES.forEach(name -> all.add(new Specimen(name, Samples.read(name))));
    if (Corpus.isPresent()) {
      for (Path file : Corpus.files()) {
        if (Files.size(file) <= MAX_FILE) {
          all.add(new Specimen(file.getFileName().toString(), Files.readAllBytes(file)));
        }
      }
    }
    return all;
  }

  @Test
  void a_bent_file_is_a_verdict_soon_and_in_bounded_memory() throws IOException {
    List<Specimen> specimens = specimens();
    long seed = Long.getLong("salvor.fuzz.seed", 1);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long end = System.nanoTime() + Duration.ofSeconds(SECONDS).toNanos();
    long judged = 0;
    while (System.nanoTime() < end) {
      Random random = new Random(seed);
      Specimen one = specimens.get(random.nextInt(specimens.size()));
      byte[] bent = bent(one.bytes(), specimens, random);
      long allocated = threads.getCurrentThreadAllocatedBytes();
      long before = System.nanoTime();
      try {
        assertThat(FormatCheck.inspect(Content.of(bent, one.name())).verdict()).isNotNull();
      } catch (IOException | RuntimeException | StackOverflowError | OutOfMemoryError e) {
        throw new AssertionError("salvor.fuzz.seed=" + seed + " on " + one.name(), e);
      }
      assertThat(System.nanoTime() - before)
          .as("seed %s, %s", seed, one.name())
          .isLessThan(MAX_NANOS);
      assertThat(threads.getCurrentThreadAllocatedBytes() - allocated)
          .as("bytes allocated, seed %s, %s", seed, one.name())
          .isLessThan(MAX_ALLOCATED + 20L * bent.length);
      judged++;
      seed++;
    }
    System.out.printf("MutationTest: %d bent files of %d judged%n", judged, specimens.size());
    assertThat(judged).isPositive();
  }

  private static byte[] bent(byte[] whole, List<Specimen> others, Random random) {
    byte[] bytes = whole.clone();
    int times = 1 + random.nextInt(8);
    for (int i = 0; i < times && bytes.length > 0; i++) {
      int at = random.nextInt(bytes.length);
      switch (random.nextInt(7)) {
        case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> bytes[at] = (byte) random.nextInt(256);
        case 2 -> number(bytes, at, random);
        case 3 -> bytes = java.util.Arrays.copyOf(bytes, at);
        case 4 -> bytes = without(bytes, at, random.nextInt(64));
        case 5 -> bytes = doubled(bytes, at, random.nextInt(256));
        default -> {
          byte[] other = others.get(random.nextInt(others.size())).bytes();
          int length = Math.min(Math.min(other.length, bytes.length - at), random.nextInt(512));
          System.arraycopy(other, 0, bytes, at, length);
        }
      }
    }
    return bytes;
  }

  /// The numbers that lengths and counts break on.
  private static void number(byte[] bytes, int at, Random random) {
    long[] odd = {0, 1, 127, 128, 255, 65535, 0x7fffffffL, 0x80000000L, 0xffffffffL, -1, 1L << 62};
    long value = odd[random.nextInt(odd.length)];
    int length = Math.min(bytes.length - at, 1 << random.nextInt(4));
    for (int i = 0; i < length; i++) {
      bytes[at + i] = (byte) (value >>> (8 * i));
    }
  }

  private static byte[] without(byte[] bytes, int at, int length) {
    int gone = Math.min(length, bytes.length - at);
    byte[] rest = new byte[bytes.length - gone];
    System.arraycopy(bytes, 0, rest, 0, at);
    System.arraycopy(bytes, at + gone, rest, at, rest.length - at);
    return rest;
  }

  private static byte[] doubled(byte[] bytes, int at, int length) {
    int twice = Math.min(length, bytes.length - at);
    byte[] more = java.util.Arrays.copyOf(bytes, bytes.length + twice);
    System.arraycopy(bytes, at, more, at + twice, bytes.length - at);
    return more;
  }
}
