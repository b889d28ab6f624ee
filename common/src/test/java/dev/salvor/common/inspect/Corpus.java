package dev.salvor.common.inspect;

import dev.salvor.common.format.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Real checkpoints that nobody here made, where the shared collection of them is present.
final class Corpus {
  private static final Path FIXTURES = Path.of("../../shared/fixtures");
  private static final Path MANIFEST = FIXTURES.resolve("given/MANIFEST.tsv");

  /// Host telemetry, which other readers are for.
  private static final Set<String> TELEMETRY =
      Set.of(
          "gpu-dmesg-xid",
          "gpu-proc",
          "gpu-smi-error",
          "gpu-smi-text",
          "gpu-smi-xml",
          "host-cgroup",
          "host-mounts",
          "host-oom-kmsg");

  private Corpus() {}

  /// One test case: a file or a directory, and the verdict the collection gives it.
  record Case(String category, String name, Path place, Verdict expected) {}

  static boolean isPresent() {
    return Files.exists(MANIFEST);
  }

  /// Every checkpoint unit of the collection, in its order.
  static List<Case> cases() throws IOException {
    Map<String, Case> cases = new LinkedHashMap<>();
    for (String line : Files.readAllLines(MANIFEST)) {
      String[] columns = line.split("\t", -1);
      if (columns[0].equals("set") || TELEMETRY.contains(columns[1])) {
        continue;
      }
      Path file = FIXTURES.resolve(columns[3]);
      String under = "given/" + columns[1] + "/" + columns[2];
      Path place = columns[3].equals(under) ? file : FIXTURES.resolve(under);
      Verdict expected = Verdict.valueOf(columns[12]);
      cases.putIfAbsent(under, new Case(columns[1], columns[2], place, expected));
    }
    return new ArrayList<>(cases.values());
  }

  /// Every file of the collection's checkpoints, single or part of a directory.
  static List<Path> files() throws IOException {
    List<Path> files = new ArrayList<>();
    for (String line : Files.readAllLines(MANIFEST)) {
      String[] columns = line.split("\t", -1);
      if (!columns[0].equals("set") && !TELEMETRY.contains(columns[1])) {
        files.add(FIXTURES.resolve(columns[3]));
      }
    }
    return files;
  }
}
