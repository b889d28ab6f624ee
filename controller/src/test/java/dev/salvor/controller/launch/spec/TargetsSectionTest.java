package dev.salvor.controller.launch.spec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.controller.core.Retention;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What cannot be a target, or cannot stay there, is one problem with its line.
class TargetsSectionTest {
  @TempDir Path dir;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "targets: s3://B_/k                 | no name of a bucket",
        "targets: [a, a]                    | one place twice",
        "targets: cloud:drive               | not verified by us",
        "targets: gcs:bucket                | it takes a directory here",
        "targets: {s3: b}                   | s3://BUCKET/PREFIX",
        "targets: s3://buck/k?zone=x        | neither endpoint= nor region=",
        "retention: {every: 5}              | takes newest",
        "retention: {newest: 0}             | from 1 to",
        "retention: {newest: 2, worst: x}   | unknown key",
        "retention: {newest: 2, on_box: 0}  | from 1 to",
        "retention: {on_box: 0}             | from 1 to",
        "retention: {on_box: 1, every: 5}   | takes newest",
        "retention: {best: x}               | takes newest",
      })
  void one_mistake_is_one_problem(String line, String why) {
    String yaml = "image: a\njob: true\n" + line + "\n";
    List<String> problems =
        RunFile.read(new RunFile.Source("run.yaml", yaml, dir, Instant.EPOCH), query -> List.of())
            .problems();
    assertThat(problems).singleElement().asString().startsWith("run.yaml:3: ").contains(why);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{newest: 3, every: 50}              | 3 | '' | 50 | 0",
        "{newest: 3, best: b*, on_box: 2}    | 3 | b* | 0  | 2",
        "{on_box: 2}                         | 0 | '' | 0  | 2",
        "{on_box: 1, best: b*}               | 0 | b* | 0  | 1",
      })
  void what_stays_is_read(String yaml, int newest, String best, long every, int onBox) {
    String text = "image: a\njob: true\nretention: " + yaml + "\n";
    RunFile.Reading reading =
        RunFile.read(new RunFile.Source("run.yaml", text, dir, Instant.EPOCH), query -> List.of());
    assertThat(reading.problems()).isEmpty();
    assertThat(reading.spec().orElseThrow().job().care().retention())
        .isEqualTo(new Retention(newest, best, every, onBox));
  }
}
