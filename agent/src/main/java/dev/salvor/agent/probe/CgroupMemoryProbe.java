package dev.salvor.agent.probe;

import dev.salvor.common.telemetry.CgroupMemory;
import dev.salvor.common.telemetry.Reading;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

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
      return read(two, new Names("memory.current", "memory.max", "memory.peak", "memory.events"));
    }
    if (Files.exists(one.resolve("memory.usage_in_bytes"))) {
      return read(
          one,
          new Names(
              "memory.usage_in_bytes",
              "memory.limit_in_bytes",
              "memory.max_usage_in_bytes",
              "memory.oom_control"));
    }
    throw new IOException("no memory controller under /sys/fs/cgroup, neither version 2 nor 1");
  }

  /// What a version of cgroups calls its files.
  private record Names(String usage, String limit, String peak, String events) {}

  private static List<Reading> read(Path directory, Names names) throws IOException {
    List<Reading> readings = new ArrayList<>();
    add(readings, "used", CgroupMemory.bytes(text(directory, names.usage())), "bytes");
    OptionalLong most = CgroupMemory.limit(text(directory, names.limit()));
    if (most.isPresent()) {
      add(readings, "limit", most, "bytes");
    } else {
      readings.add(new Reading.Absent(NAME, "limit", "none is set"));
    }
    // Kernels before 5.19 do not say.
    CgroupMemory.bytes(text(directory, names.peak()))
        .ifPresent(peak -> readings.add(new Reading.Amount(NAME, "peak", peak, "bytes")));
    add(
        readings,
        "oom_kill",
        CgroupMemory.field(text(directory, names.events()), "oom_kill"),
        "processes");
    return readings;
  }

  private static void add(List<Reading> readings, String name, OptionalLong value, String unit) {
    readings.add(
        value.isPresent()
            ? new Reading.Amount(NAME, name, value.getAsLong(), unit)
            : new Reading.Absent(NAME, name, "the kernel does not say"));
  }

  private static String text(Path directory, String file) throws IOException {
    Path path = directory.resolve(file);
    return Files.exists(path) ? Files.readString(path) : "";
  }
}
