package dev.salvor.common.telemetry.host;

import dev.salvor.common.telemetry.Amounts;
import dev.salvor.common.telemetry.CgroupMemory;
import dev.salvor.common.telemetry.Reading;
import dev.salvor.common.telemetry.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Stream;

/// What the kernel's control groups grant a container and what it took of that, by version 2 or 1.
///
/// @param files their texts by their names, from however many directories
public record Cgroup(Map<String, String> files) {
  private static final String MEMORY = "memory";
  private static final String CPU = "cpu";
  private static final double MICROS = 1e6;

  /// Version 1 counts throttled time in nanoseconds.
  private static final double NANOS = 1e9;

  /// A file of either version, by its name in 2 and in 1.
  private record Name(String two, String one) {}

  private static final Name USED = new Name("memory.current", "memory.usage_in_bytes");
  private static final Name LIMIT = new Name("memory.max", "memory.limit_in_bytes");
  private static final Name PEAK = new Name("memory.peak", "memory.max_usage_in_bytes");
  private static final Name EVENTS = new Name("memory.events", "memory.oom_control");
  private static final Name SWAP = new Name("memory.swap.current", "memory.memsw.usage_in_bytes");

  /// The files that only a control group has.
  private static final List<String> OWN =
      List.of(
          "memory.current",
          "memory.max",
          "memory.events",
          "memory.usage_in_bytes",
          "memory.limit_in_bytes",
          "memory.oom_control",
          "cpu.max",
          "cpu.cfs_quota_us",
          "cgroup.controllers",
          "cgroup.procs",
          "cpuacct.usage",
          "pids.max");

  /// What a container's memory is told by, in version 2 and in 1.
  public static final List<String> MEMORY_FILES =
      Stream.of(USED, LIMIT, PEAK, EVENTS, SWAP)
          .flatMap(name -> Stream.of(name.two(), name.one()))
          .toList();

  public Cgroup {
    files = new TreeMap<>(files);
  }

  /// Whether a directory with these files is one.
  public static boolean isLike(Iterable<String> names) {
    for (String name : names) {
      if (OWN.contains(name)) {
        return true;
      }
    }
    return false;
  }

  public OptionalLong used() {
    return number(USED);
  }

  /// Empty for none.
  public OptionalLong limit() {
    String text = text(LIMIT);
    return CgroupMemory.limit(text);
  }

  public OptionalLong peak() {
    return number(PEAK);
  }

  /// Processes killed for their memory since the container was made.
  public OptionalLong kills() {
    return CgroupMemory.field(text(EVENTS), "oom_kill");
  }

  /// Whether at the limit a task freezes instead of being killed (version 1 only).
  public boolean freezes() {
    return CgroupMemory.field(text(EVENTS), "oom_kill_disable").orElse(0) == 1;
  }

  /// How many processors' worth of time it may use; empty for no quota.
  public OptionalDouble cores() {
    String[] max = files.getOrDefault("cpu.max", "").strip().split("\\s+", -1);
    if (max.length == 2) {
      return CpuQuota.cores(CgroupMemory.bytes(max[0]), CgroupMemory.bytes(max[1]));
    }
    return CpuQuota.cores(
        CgroupMemory.bytes(files.getOrDefault("cpu.cfs_quota_us", "")),
        CgroupMemory.bytes(files.getOrDefault("cpu.cfs_period_us", "")));
  }

  /// Of its periods the share in which it had to wait for its quota; empty where not told.
  public OptionalDouble throttled() {
    String stat = files.getOrDefault("cpu.stat", "");
    OptionalLong periods = CgroupMemory.field(stat, "nr_periods");
    OptionalLong waited = CgroupMemory.field(stat, "nr_throttled");
    return periods.orElse(0) > 0 && waited.isPresent()
        ? OptionalDouble.of((double) waited.getAsLong() / periods.getAsLong())
        : OptionalDouble.empty();
  }

  public Verdict verdict() {
    if (freezes()) {
      return Verdict.OOM_KILL_DISABLED;
    }
    if (kills().orElse(0) > 0) {
      return Verdict.OOM_KILLED;
    }
    boolean countersOnly = files.size() == 1 && !text(EVENTS).isEmpty();
    return countersOnly ? Verdict.OK : Verdict.PARSE_OK;
  }

  /// For a person.
  public String conclusion() {
    if (freezes()) {
      return "the OOM killer is off: at its memory limit a task freezes instead of dying, and looks"
          + " as if it hung";
    }
    if (kills().orElse(0) > 0) {
      return "killed at the memory limit%s: %d. Raise the limit or use less"
          .formatted(
              limit().isPresent() ? " of " + Amounts.bytes(limit().getAsLong()) : "",
              kills().getAsLong());
    }
    List<String> said = new ArrayList<>();
    long hits = CgroupMemory.field(text(EVENTS), "max").orElse(0);
    if (hits > 0) {
      said.add(
          "the memory limit was reached %d times and room was made each time: no kill"
              .formatted(hits));
    } else if (kills().isPresent()) {
      said.add("nothing was killed for its memory");
    }
    if (used().isPresent()) {
      String of = limit().isPresent() ? " of " + Amounts.bytes(limit().getAsLong()) : ", no limit";
      said.add("memory " + Amounts.bytes(used().getAsLong()) + of);
    }
    cores().ifPresent(cores -> said.add("%s processors".formatted(Amounts.plain(cores))));
    return said.isEmpty() ? "nothing in it is out of the ordinary" : String.join(", ", said);
  }

  /// What memory is used, granted, was used at most, and how many processes it cost.
  public List<Reading> memoryReadings() {
    List<Reading> readings = new ArrayList<>();
    add(readings, "used", used(), "the kernel does not say");
    add(readings, "limit", limit(), "none is set");
    // Kernels before 5.19 do not say.
    peak().ifPresent(peak -> readings.add(amount(MEMORY, "peak", peak, "bytes")));
    number(SWAP).ifPresent(swap -> readings.add(amount(MEMORY, "swap", swap, "bytes")));
    OptionalLong kills = kills();
    readings.add(
        kills.isPresent()
            ? amount(MEMORY, "oom_kill", kills.getAsLong(), "processes")
            : new Reading.Absent(MEMORY, "oom_kill", "the kernel does not say"));
    if (freezes()) {
      readings.add(amount(MEMORY, "oom_kill_disable", 1, "flag"));
    }
    return readings;
  }

  /// What processor time is granted, and how often that was too little.
  public List<Reading> cpuReadings() {
    List<Reading> readings = new ArrayList<>();
    OptionalDouble cores = cores();
    readings.add(
        cores.isPresent()
            ? amount(CPU, "quota", cores.getAsDouble(), "cores")
            : new Reading.Absent(CPU, "quota", "none is set"));
    throttled()
        .ifPresent(share -> readings.add(amount(CPU, "throttled periods", share * 100, "%")));
    String stat = files.getOrDefault("cpu.stat", "");
    CgroupMemory.field(stat, "throttled_usec")
        .ifPresent(us -> readings.add(amount(CPU, "throttled", us / MICROS, "s")));
    CgroupMemory.field(stat, "throttled_time")
        .ifPresent(ns -> readings.add(amount(CPU, "throttled", ns / NANOS, "s")));
    CgroupMemory.bytes(files.getOrDefault("pids.current", ""))
        .ifPresent(pids -> readings.add(amount(CPU, "tasks", pids, "tasks")));
    CgroupMemory.bytes(files.getOrDefault("pids.max", ""))
        .ifPresent(pids -> readings.add(amount(CPU, "tasks most", pids, "tasks")));
    return readings;
  }

  private static void add(List<Reading> readings, String name, OptionalLong bytes, String why) {
    readings.add(
        bytes.isPresent()
            ? amount(MEMORY, name, bytes.getAsLong(), "bytes")
            : new Reading.Absent(MEMORY, name, why));
  }

  private static Reading amount(String probe, String name, long value, String unit) {
    return amount(probe, name, (double) value, unit);
  }

  private static Reading amount(String probe, String name, double value, String unit) {
    return new Reading.Amount(probe, name, value, unit);
  }

  private OptionalLong number(Name name) {
    return CgroupMemory.bytes(text(name));
  }

  private String text(Name name) {
    String two = files.getOrDefault(name.two(), "");
    return two.isEmpty() ? files.getOrDefault(name.one(), "") : two;
  }
}
