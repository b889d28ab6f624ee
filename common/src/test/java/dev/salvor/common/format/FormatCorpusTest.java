package dev.salvor.common.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Judges real files that nobody here made, where the shared collection of them is present.
final class FormatCorpusTest {
  private static final Path FIXTURES = Path.of("../../shared/fixtures");
  private static final Set<String> CATEGORIES =
      Set.of("safetensors", "pytorch-zip", "pytorch-legacy", "zip-tricks", "lfs-pointer", "pickle");

  /// Judged otherwise than the collection says, each for a reason.
  private static final Set<String> KNOWN =
      Set.of(
          // Its one pickle imports only what weights_only allows; the collection's own check
          // agrees.
          "picklescan__new_pytorch_model.bin",
          // Pickles inside strings are not looked for yet.
          "modelaudit__decode_exec_chain.pkl",
          "modelaudit__malicious_model_realistic.pkl",
          "modelaudit__nested_pickle_base64.pkl",
          "modelaudit__nested_pickle_hex.pkl",
          "modelaudit__nested_pickle_multistage.pkl",
          "modelaudit__simple_nested.pkl");

  private record Row(String unit, Path file, Verdict expected) {}

  @Test
  void every_collected_file_gets_the_verdict_it_was_given() throws IOException {
    Path manifest = FIXTURES.resolve("given/MANIFEST.tsv");
    if (!Files.exists(manifest)) {
      System.out.println("FormatCorpusTest: skipped, no " + manifest.toAbsolutePath());
    }
    assumeTrue(Files.exists(manifest), "no shared fixtures here");
    List<Row> rows =
        Files.readAllLines(manifest).stream()
            .map(line -> line.split("\t", -1))
            .filter(columns -> CATEGORIES.contains(columns[1]))
            .map(columns ->
                new Row(columns[2], FIXTURES.resolve(columns[3]), Verdict.valueOf(columns[12])))
            .toList();
    int judged = 0;
    int wrong = 0;
    List<String> unexpected = new ArrayList<>();
    for (Row row : rows) {
      Inspection found = FormatCheck.inspect(row.file());
      judged++;
      if (found.verdict() == row.expected()) {
        continue;
      }
      wrong++;
      System.out.println(row + " but " + found);
      if (!KNOWN.contains(row.unit())) {
        unexpected.add(row.unit() + ": " + found.verdict() + ", not " + row.expected());
      }
    }
    System.out.printf(
        "FormatCorpusTest: %d files judged, %d otherwise than given%n", judged, wrong);
    assertThat(judged).isPositive();
    assertThat(unexpected).isEmpty();
  }
}
