package dev.salvor.common.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.common.format.Content;
import dev.salvor.common.format.Inspection;
import dev.salvor.common.format.Verdict;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// What every format must hold: whole files are accepted and told by their content; cut, bent and
/// foreign ones are a verdict and never an exception.
abstract class FormatContract {
  private static final int RANDOM_FILES = 50;
  private static final int BENT_FILES = 200;
  private static final int CUT_FILES = 200;
  private static final long SEED = 7;

  private final String format;
  private final Verdict whole;
  private final List<String> samples;

  /// What a format promises of damage.
  ///
  /// @param byContent it has magic, so that a name does not matter
  /// @param everyCutShows no file without its last bytes is accepted
  record Promise(boolean byContent, boolean everyCutShows) {}

  private final Promise promise;

  FormatContract(String format, Verdict whole, Promise promise, String... samples) {
    this.format = format;
    this.whole = whole;
    this.promise = promise;
    this.samples = List.of(samples);
  }

  private static Inspection inspect(byte[] bytes, String name) throws IOException {
    return FormatCheck.inspect(Content.of(bytes, name));
  }

  @Test
  void whole_files_are_accepted() throws IOException {
    for (String name : samples) {
      Inspection found = inspect(Samples.read(name), name);
      assertThat(found.verdict()).as("%s: %s", name, found).isEqualTo(whole);
      assertThat(found.format()).as(name).isEqualTo(format);
    }
  }

  @Test
  void content_comes_before_the_name() throws IOException {
    for (String name : promise.byContent() ? samples : List.<String>of()) {
      for (String other : List.of("x.bin", "x.safetensors", "x", "x.json")) {
        Inspection found = inspect(Samples.read(name), other);
        assertThat(found.format()).as(name + " as " + other).isEqualTo(format);
      }
    }
  }

  @Test
  void a_cut_file_is_a_verdict() throws IOException {
    List<String> accepted = new ArrayList<>();
    for (String name : samples) {
      byte[] bytes = Samples.read(name);
      for (int length = 0; length < bytes.length; length += 1 + bytes.length / CUT_FILES) {
        byte[] cut = java.util.Arrays.copyOf(bytes, length);
        if (inspect(cut, name).verdict().accepted()) {
          accepted.add(name + " cut to " + length);
        }
      }
    }
    if (promise.everyCutShows()) {
      assertThat(accepted).isEmpty();
    }
  }

  @Test
  void a_bent_file_is_a_verdict() throws IOException {
    for (String name : samples) {
      byte[] bytes = Samples.read(name);
      Random random = new Random(SEED);
      for (int i = 0; i < BENT_FILES; i++) {
        byte[] bent = bytes.clone();
        int bit = random.nextInt(bytes.length * 8);
        bent[bit / 8] ^= (byte) (1 << bit % 8);
        assertThat(inspect(bent, name).verdict()).isNotNull();
      }
    }
  }

  @Test
  void foreign_bytes_under_its_names_are_a_verdict() throws IOException {
    Random random = new Random(SEED);
    for (String name : samples) {
      for (int i = 0; i < RANDOM_FILES; i++) {
        byte[] bytes = new byte[random.nextInt(2000)];
        random.nextBytes(bytes);
        byte[] whole = Samples.read(name);
        int kept = random.nextInt(Math.min(whole.length, bytes.length) + 1);
        System.arraycopy(whole, 0, bytes, 0, kept);
        assertThat(inspect(bytes, name).verdict()).isNotNull();
      }
    }
  }
}
