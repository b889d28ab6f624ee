package dev.salvor.agent.probe;

import dev.salvor.common.telemetry.Reading;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// The kernel's boot id: a new one means that the host itself was restarted.
///
/// One small file, once.
public final class BootIdProbe implements Probe {
  private static final String NAME = "boot";
  private static final String FILE = "proc/sys/kernel/random/boot_id";

  /// It cannot change while this process lives.
  private static final Duration PERIOD = Duration.ofHours(1);

  private static final Duration TIMEOUT = Duration.ofSeconds(2);

  private final Path root;

  public BootIdProbe(Path root) {
    this.root = root;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Duration period() {
    return PERIOD;
  }

  @Override
  public Duration timeout() {
    return TIMEOUT;
  }

  @Override
  public List<Reading> read() throws IOException {
    String id = Files.readString(root.resolve(FILE)).strip();
    return List.of(new Reading.Text(NAME, "boot_id", id));
  }
}
