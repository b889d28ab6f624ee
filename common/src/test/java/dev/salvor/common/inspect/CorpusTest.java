package dev.salvor.common.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.salvor.common.format.Inspection;
import dev.salvor.common.format.Verdict;
import dev.salvor.common.inspect.Corpus.Case;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// Judges the collected checkpoints and compares with the collection's own verdicts.
final class CorpusTest {
  /// Judged otherwise than the collection says, each for a reason.
  private static final Map<String, Verdict> OTHERWISE =
      Map.of(
          // Called a malicious pickle, but holds none: three entries (data.pkl, data/0, version)
          // that
          // lie back to back up to the directory, a single pickle in them, which rebuilds one
          // tensor
          // of 3 x 4 floats from torch's own functions. The collection's second implementation
          // found the same ("imports: allowlisted").
          "picklescan__new_pytorch_model.bin", Verdict.ACCEPT);

  @Test
  void every_collected_checkpoint_gets_its_verdict() throws IOException {
    if (!Corpus.isPresent()) {
      System.out.println("CorpusTest: skipped, no collection of checkpoints beside the project");
    }
    assumeTrue(Corpus.isPresent(), "no collection of checkpoints here");
    Map<String, Integer> judged = new TreeMap<>();
    List<String> wrong = new ArrayList<>();
    for (Case one : Corpus.cases()) {
      Inspection found =
          Files.isDirectory(one.place())
              ? DirectoryCheck.inspect(one.place(), one.name())
              : FormatCheck.inspect(one.place());
      judged.merge(one.category(), 1, Integer::sum);
      Verdict expected = OTHERWISE.getOrDefault(one.name(), one.expected());
      if (found.verdict() != expected) {
        wrong.add(one.category() + "/" + one.name() + " expected " + expected + ": " + found);
      }
    }
    int total = judged.values().stream().mapToInt(Integer::intValue).sum();
    System.out.printf("CorpusTest: %d checkpoints judged: %s%n", total, judged);
    assertThat(total).isPositive();
    assertThat(wrong).isEmpty();
  }
}
