package dev.salvor.common.telemetry.captured;

import dev.salvor.common.telemetry.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Real telemetry that nobody here made, where the shared collection of it is present.
final class TelemetryCorpus {
  private static final Path FIXTURES = Path.of("../../shared/fixtures");
  private static final Path MANIFEST = FIXTURES.resolve("given/MANIFEST.tsv");

  private TelemetryCorpus() {}

  /// One test case: a file or a directory, and the verdict the collection gives it.
  record Case(String category, String name, Path place, Verdict expected) {}

  static boolean isPresent() {
    return Files.exists(MANIFEST);
  }

  /// Every telemetry unit of the collection, in its order.
  static List<Case> cases() throws IOException {
    Map<String, Case> cases = new LinkedHashMap<>();
    for (String line : Files.readAllLines(MANIFEST)) {
      String[] columns = line.split("\t", -1);
      String category = columns[1];
      if (!category.startsWith("gpu-") && !category.startsWith("host-")) {
        continue;
      }
      String under = "given/" + category + "/" + columns[2];
      Verdict expected = Verdict.valueOf(columns[12]);
      cases.putIfAbsent(under, new Case(category, columns[2], FIXTURES.resolve(under), expected));
    }
    return new ArrayList<>(cases.values());
  }
}
