package dev.salvor.agent.probe.gpu;

import dev.salvor.agent.probe.Child;
import dev.salvor.common.telemetry.Reading;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// NVIDIA's own program, where the library cannot be used. It loads the library itself: a tenth of
/// a second and more at each look.
public final class Smi implements GpuProbe.Fallback {
  private static final String PROGRAM = "nvidia-smi";

  /// Under the probe's own: what it said so far is worth having.
  private static final Duration TIMEOUT = Duration.ofMillis(1_800);

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
    try {
      Child.Ended ended =
          Child.run(
              List.of(program.toString(), "-q", "-x"),
              TIMEOUT,
              Map.of("LC_ALL", "C", "PATH", path));
      if (ended.late()) {
        throw new IOException("%s hangs".formatted(PROGRAM));
      }
      return SmiReadings.of(ended.exit(), ended.output());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("the agent ends", e);
    }
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
