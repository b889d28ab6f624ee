package dev.salvor.controller.launch.spec;

import static org.assertj.core.api.Assertions.assertThat;

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
      })
  void one_mistake_is_one_problem(String line, String why) {
    String yaml = "image: a\njob: true\n" + line + "\n";
    List<String> problems =
        RunFile.read(new RunFile.Source("run.yaml", yaml, dir, Instant.EPOCH), query -> List.of())
            .problems();
    assertThat(problems).singleElement().asString().startsWith("run.yaml:3: ").contains(why);
  }
}
