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
import java.util.function.LongSupplier;

/// The container's processors: how many it may use, how many it uses, how often it is held back.
/// Never the host's load, which is its neighbours'.
///
/// Four small files.
public final class CpuProbe implements Probe {
  private static final String NAME = "cpu";
  private static final Duration PERIOD = Duration.ofSeconds(30);
  private static final Duration TIMEOUT = Duration.ofSeconds(2);
  private static final double NANOS = 1e9;
  private static final double MICROS = 1e6;

  private final Path root;
  private final LongSupplier nanos;
  private double usedS = -1;
  private double atS;

  public CpuProbe(Path root, LongSupplier nanos) {
    this.root = root;
    this.nanos = nanos;
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
    Path top = root.resolve("sys/fs/cgroup");
    List<Reading> readings = new ArrayList<>();
    online(readings);
    Path one =
        Files.isDirectory(top.resolve("cpu,cpuacct"))
            ? top.resolve("cpu,cpuacct")
            : top.resolve("cpu");
    if (Files.exists(top.resolve("cpu.max"))) {
      two(readings, top);
    } else if (Files.exists(one.resolve("cpu.cfs_quota_us"))) {
      one(readings, one);
    } else {
      readings.add(
          new Reading.Absent(
              NAME, "quota", "no cpu controller under /sys/fs/cgroup, of no version"));
    }
    return readings;
  }

  private void two(List<Reading> readings, Path top) throws IOException {
    String[] max = text(top, "cpu.max").strip().split(" ", -1);
    quota(
        readings,
        max.length == 2 ? CgroupMemory.bytes(max[0]) : OptionalLong.empty(),
        max.length == 2 ? CgroupMemory.bytes(max[1]) : OptionalLong.empty());
    String stat = text(top, "cpu.stat");
    CgroupMemory.field(stat, "usage_usec").ifPresent(us -> used(readings, us / MICROS));
    CgroupMemory.field(stat, "nr_throttled").ifPresent(n -> throttled(readings, n));
  }

  private void one(List<Reading> readings, Path cpu) throws IOException {
    quota(
        readings,
        CgroupMemory.bytes(text(cpu, "cpu.cfs_quota_us")),
        CgroupMemory.bytes(text(cpu, "cpu.cfs_period_us")));
    CgroupMemory.bytes(text(cpu, "cpuacct.usage")).ifPresent(ns -> used(readings, ns / NANOS));
    CgroupMemory.field(text(cpu, "cpu.stat"), "nr_throttled")
        .ifPresent(n -> throttled(readings, n));
  }

  /// The processors that programs see, which is the host's number and not the quota.
  private void online(List<Reading> readings) throws IOException {
    String list = text(root.resolve("sys/devices/system/cpu"), "online").strip();
    int dash = list.lastIndexOf('-');
    OptionalLong last = CgroupMemory.bytes(dash < 0 ? list : list.substring(dash + 1));
    last.ifPresent(n -> readings.add(new Reading.Amount(NAME, "seen", n + 1, "cores")));
  }

  private static void quota(List<Reading> readings, OptionalLong quota, OptionalLong period) {
    readings.add(
        quota.isPresent() && period.isPresent() && period.getAsLong() > 0
            ? new Reading.Amount(
                NAME, "quota", (double) quota.getAsLong() / period.getAsLong(), "cores")
            : new Reading.Absent(NAME, "quota", "none is set"));
  }

  private static void throttled(List<Reading> readings, long times) {
    readings.add(new Reading.Amount(NAME, "held back", times, "periods"));
  }

  /// Since the last look.
  private void used(List<Reading> readings, double nowUsedS) {
    double nowS = nanos.getAsLong() / NANOS;
    if (usedS >= 0 && nowS > atS) {
      double cores = Math.max(0, nowUsedS - usedS) / (nowS - atS);
      readings.add(new Reading.Amount(NAME, "used", Math.rint(cores * 100) / 100, "cores"));
    }
    usedS = nowUsedS;
    atS = nowS;
  }

  private static String text(Path directory, String file) throws IOException {
    return SmallFile.read(directory.resolve(file)).orElse("");
  }
}
