package dev.salvor.common.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.common.format.Content;
import dev.salvor.common.format.Inspection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// How much of random damage a format's structure shows by itself, without a manifest's digest:
/// printed a format, for the table in docs/reference/formats.md.
final class DamageTest {
  private static final int TIMES = Boolean.getBoolean("salvor.full") ? 200 : 20;
  private static final int MAX_FILE = 2_000_000;
  private static final long SEED = 42;

  /// Formats in which no cut goes unnoticed: what is cut off is counted or sealed.
  private static final List<String> NO_CUT_ACCEPTED =
      List.of("pytorch-zip", "pytorch-legacy", "safetensors", "npy", "npz", "gguf", "keras");

  @SuppressWarnings("ArrayRecordComponent")
  private record Specimen(String name, byte[] bytes) {
    Inspection judged(byte[] damaged) throws IOException {
      return FormatCheck.inspect(Content.of(damaged, name));
    }
  }

  private static Map<String, List<Specimen>> specimens() throws IOException {
    Map<String, List<Specimen>> byFormat = new TreeMap<>();
    List<Specimen> all = new ArrayList<>();
    for (String name : MutationTest.SAMPLES) {
      all.add(new Specimen(name, Samples.read(name)));
    }
    for (Path file : Corpus.isPresent() ? Corpus.files() : List.<Path>of()) {
      if (Files.size(file) <= MAX_FILE && Files.size(file) > 0) {
        all.add(new Specimen(file.getFileName().toString(), Files.readAllBytes(file)));
      }
    }
    for (Specimen one : all) {
      Inspection found = one.judged(one.bytes());
      if (found.verdict().accepted() && !found.format().equals("other")) {
        byFormat.computeIfAbsent(found.format(), format -> new ArrayList<>()).add(one);
      }
    }
    return byFormat;
  }

  @Test
  void structure_alone_shows_what_it_can() throws IOException {
    Random random = new Random(SEED);
    for (Map.Entry<String, List<Specimen>> format : specimens().entrySet()) {
      int cuts = 0;
      int flips = 0;
      for (int i = 0; i < TIMES; i++) {
        List<Specimen> some = format.getValue();
        Specimen one = some.get(random.nextInt(some.size()));
        byte[] cut = Arrays.copyOf(one.bytes(), random.nextInt(one.bytes().length));
        cuts += one.judged(cut).verdict().accepted() ? 0 : 1;
        byte[] bent = one.bytes().clone();
        int bit = random.nextInt(bent.length * 8);
        bent[bit / 8] ^= (byte) (1 << bit % 8);
        flips += one.judged(bent).verdict().accepted() ? 0 : 1;
      }
      System.out.printf(
          "DamageTest: %-16s %3d files, of %d each: cuts %3d %%, flipped bits %3d %%%n",
          format.getKey(),
          format.getValue().size(),
          TIMES,
          100 * cuts / TIMES,
          100 * flips / TIMES);
      if (NO_CUT_ACCEPTED.contains(format.getKey())) {
        assertThat(cuts).as("cuts noticed of " + format.getKey()).isEqualTo(TIMES);
      }
    }
  }
}
