package dev.salvor.common.framework;

import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.common.framework.Finding.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What every framework's rule must hold: a whole checkpoint is complete at its step, and one that
/// lacks any part it cannot be resumed without is not.
abstract class FrameworkRuleContract {
  @TempDir Path root;

  /// The rule's name, as units carry it.
  abstract String format();

  /// What the framework calls it: a directory's name, or a single file's.
  abstract String called();

  /// The step that it says it is.
  abstract long step();

  /// How sure a whole one is.
  abstract State sure();

  /// Writes a whole one, and what its trainer keeps beside it.
  abstract void write(Path directory) throws IOException;

  /// Parts without each of which it is not complete.
  abstract List<String> needed();

  boolean single() {
    return false;
  }

  @BeforeEach
  void write_a_whole_one() throws IOException {
    write(Files.createDirectories(base()));
  }

  final Path base() {
    return single() ? root : root.resolve(called());
  }

  final Listing listing() throws IOException {
    Map<String, Long> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(base())) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        files.put(base().relativize(file).toString(), Files.size(file));
      }
    }
    return new Listing(base(), called(), Optional.of(root), files);
  }

  final Frameworks.Appraisal judged() throws IOException {
    return Frameworks.judge(listing());
  }

  @Test
  void a_whole_one_is_complete_at_its_step() throws IOException {
    Frameworks.Appraisal judged = judged();
    assertThat(judged.format()).isEqualTo(format());
    assertThat(judged.finding().why()).isEmpty();
    assertThat(judged.finding().state()).isEqualTo(sure());
    assertThat(judged.finding().step()).isEqualTo(OptionalLong.of(step()));
  }

  @Test
  void one_that_lacks_a_part_is_not_complete() throws IOException {
    for (String part : needed()) {
      byte[] content = Files.readAllBytes(base().resolve(part));
      Files.delete(base().resolve(part));
      assertThat(judged().finding().complete()).as("without " + part).isFalse();
      assertThat(judged().finding().why()).as("without " + part).isNotEmpty();
      Files.write(base().resolve(part), content);
    }
    assertThat(judged().finding().complete()).isTrue();
  }

  static void put(Path directory, String path, String content) throws IOException {
    Path file = directory.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
  }
}
