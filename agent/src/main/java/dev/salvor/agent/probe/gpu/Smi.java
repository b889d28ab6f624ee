package dev.salvor.agent.probe.gpu;

import dev.salvor.agent.probe.Child;
import dev.salvor.common.telemetry.MalformedException;
import dev.salvor.common.telemetry.Reading;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// NVIDIA's own program, where the library cannot be used. It loads the library itself: a tenth of
/// a second and more at each look.
public final class Smi implements GpuProbe.Fallback {
  private static final String PROGRAM = "nvidia-smi";

  /// Under the probe's own: what it said so far is worth having.
  private static final Duration TIMEOUT = Duration.ofMillis(1_800);

  /// Columns that every driver of the last ten years has: one that it does not know fails them all.
  private static final String QUERY =
      "--query-gpu=index,name,uuid,pci.bus_id,driver_version,utilization.gpu,utilization.memory,"
          + "memory.total,memory.used,temperature.gpu,power.draw,power.limit,clocks.sm,"
          + "clocks.max.sm,ecc.errors.uncorrected.volatile.total";

  private final String path;

  public Smi() {
    this(System.getenv().getOrDefault("PATH", "/usr/bin:/bin"));
  }

  /// @param path directories to look in, as PATH has them
  Smi(String path) {
    this.path = path;
  }

  @Override
  public List<Reading> read() throws IOException {
    Path program =
        find(path).orElseThrow(() -> new IOException("no %s on its PATH".formatted(PROGRAM)));
    long until = System.nanoTime() + TIMEOUT.toNanos();
    try {
      Child.Ended ended = run(program, TIMEOUT, "-q", "-x");
      if (ended.late()) {
        throw new IOException("%s hangs".formatted(PROGRAM));
      }
      try {
        return SmiReadings.of(ended.exit(), ended.output());
      } catch (MalformedException e) {
        return byTable(program, Duration.ofNanos(until - System.nanoTime()), ended);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("the agent ends", e);
    }
  }

  /// A driver whose document nobody can read has the plain table still.
  private List<Reading> byTable(Path program, Duration left, Child.Ended first)
      throws IOException, InterruptedException {
    String line = first.output().lines().findFirst().orElse("").strip();
    String why = "nvidia-smi ended with %d: %s".formatted(first.exit(), line);
    if (left.isNegative() || left.isZero()) {
      throw new IOException(why);
    }
    Child.Ended table = run(program, left, QUERY, "--format=csv");
    try {
      return SmiReadings.of(table.exit(), table.late() ? "" : table.output());
    } catch (MalformedException e) {
      throw new IOException(why, e);
    }
  }

  private Child.Ended run(Path program, Duration timeout, String... words)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(program.toString()));
    command.addAll(List.of(words));
    return Child.run(command, timeout, Map.of("LC_ALL", "C", "PATH", path));
  }

  private static Optional<Path> find(String path) {
    for (String directory : path.split(":", -1)) {
      Path program = Path.of(directory.isEmpty() ? "." : directory).resolve(PROGRAM);
      if (Files.isExecutable(program)) {
        return Optional.of(program);
      }
    }
    return Optional.empty();
  }
}
