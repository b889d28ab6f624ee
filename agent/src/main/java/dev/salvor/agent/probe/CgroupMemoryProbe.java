package dev.salvor.agent.probe;

import dev.salvor.common.telemetry.Reading;
import dev.salvor.common.telemetry.host.Cgroup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The container's memory: in use, at most so far, its limit, and how many processes it cost, by
/// cgroup 2 or 1.
///
/// Four small files.
public final class CgroupMemoryProbe implements Probe {
  private static final String NAME = "memory";

  private static final Duration PERIOD = Duration.ofSeconds(10);
  private static final Duration TIMEOUT = Duration.ofSeconds(2);

  private final Path root;

  public CgroupMemoryProbe(Path root) {
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
    Path two = root.resolve("sys/fs/cgroup");
    Path one = two.resolve("memory");
    if (Files.exists(two.resolve("memory.current"))) {
      return read(two);
    }
    if (Files.exists(one.resolve("memory.usage_in_bytes"))) {
      return read(one);
    }
    throw new IOException("no memory controller under /sys/fs/cgroup, neither version 2 nor 1");
  }

  private static List<Reading> read(Path directory) throws IOException {
    Map<String, String> files = new HashMap<>();
    for (String name : Cgroup.MEMORY_FILES) {
      SmallFile.read(directory.resolve(name)).ifPresent(text -> files.put(name, text));
    }
    return new Cgroup(files).memoryReadings();
  }
}
