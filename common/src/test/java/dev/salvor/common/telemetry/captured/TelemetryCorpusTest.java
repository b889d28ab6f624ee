package dev.salvor.common.telemetry.captured;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.salvor.common.telemetry.captured.TelemetryCorpus.Case;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// Judges the collected telemetry, kinds told by content, and compares with the collection's own
/// verdicts.
final class TelemetryCorpusTest {
  private static List<Case> cases() throws IOException {
    if (!TelemetryCorpus.isPresent()) {
      System.out.println(
          "TelemetryCorpusTest: skipped, no collection of telemetry beside the project");
    }
    assumeTrue(TelemetryCorpus.isPresent(), "no collection of telemetry here");
    return TelemetryCorpus.cases();
  }

  @Test
  void every_collected_capture_gets_its_verdict() throws IOException {
    Map<String, Integer> judged = new TreeMap<>();
    List<String> wrong = new ArrayList<>();
    for (Case one : cases()) {
      Capture found = PathReader.read(one.place(), Optional.empty());
      judged.merge(one.category(), 1, Integer::sum);
      if (found.verdict() != one.expected() || found.kind() == Kind.UNKNOWN) {
        wrong.add(
            "%s/%s expected %s: %s %s %s"
                .formatted(
                    one.category(),
                    one.name(),
                    one.expected(),
                    found.kind().id(),
                    found.verdict(),
                    found.conclusion()));
      }
    }
    int total = judged.values().stream().mapToInt(Integer::intValue).sum();
    System.out.printf("TelemetryCorpusTest: %d captures judged: %s%n", total, judged);
    assertThat(total).isPositive();
    assertThat(wrong).isEmpty();
  }

  @Test
  void what_a_person_says_it_is_changes_no_verdict() throws IOException {
    List<String> wrong = new ArrayList<>();
    for (Case one : cases()) {
      Capture found = PathReader.read(one.place(), Kind.of(one.category()));
      if (found.verdict() != one.expected()) {
        wrong.add(one.category() + "/" + one.name() + ": " + found.verdict());
      }
    }
    assertThat(wrong).isEmpty();
  }
}
