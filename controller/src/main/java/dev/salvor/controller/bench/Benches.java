package dev.salvor.controller.bench;

import dev.salvor.common.disk.Trees;
import dev.salvor.controller.cli.BenchRow;
import dev.salvor.controller.cli.Wiring;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Every bench there is. A new one is a file beside this and a line in the list.
public final class Benches implements Wiring.BenchCall {
  private static final List<Bench> ALL =
      List.of(
          new AgentBench(),
          new CargoBench(),
          new BytesBench(),
          new DetectBench(),
          new FleetBench(),
          new SimBench());

  @Override
  public List<BenchRow> run(Wiring.BenchOptions options, Consumer<String> told)
      throws IOException, InterruptedException {
    List<Bench> chosen =
        ALL.stream()
            .filter(b -> options.what().equals("all") || b.name().equals(options.what()))
            .toList();
    if (chosen.isEmpty()) {
      throw new IllegalArgumentException(
          "There is no bench '%s'; there are %s and all."
              .formatted(
                  options.what(), String.join(", ", ALL.stream().map(Bench::name).toList())));
    }
    List<BenchRow> rows = new ArrayList<>();
    for (Bench bench : chosen) {
      Path place = Files.createTempDirectory("salvor-bench");
      Thread cutShort = Thread.ofPlatform().unstarted(() -> endAll(place));
      Runtime.getRuntime().addShutdownHook(cutShort);
      try {
        rows.addAll(
            bench.measure(
                new Lab(
                    options.installation().toAbsolutePath(),
                    place,
                    options.runs(),
                    options.scope(),
                    told)));
      } finally {
        Runtime.getRuntime().removeShutdownHook(cutShort);
        Trees.remove(place);
      }
    }
    return List.copyOf(rows);
  }

  /// A bench that is told to end leaves no box behind.
  private static void endAll(Path place) {
    ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
    // A job is in nobody's family: it is known by where it runs.
    ProcessHandle.allProcesses()
        .filter(one -> one.info().commandLine().filter(c -> c.contains(place + "/")).isPresent())
        .forEach(ProcessHandle::destroyForcibly);
  }
}
