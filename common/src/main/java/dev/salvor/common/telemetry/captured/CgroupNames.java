package dev.salvor.common.telemetry.captured;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/// Which control group file a captured one is. Its keys tell it, or, for a single number, its name,
/// which people lengthen when they copy it ("memory.events_before").
final class CgroupNames {
  /// Those that the conclusion is drawn from, the longer before what they begin with.
  private static final List<String> KNOWN =
      List.of(
          "memory.usage_in_bytes",
          "memory.limit_in_bytes",
          "memory.max_usage_in_bytes",
          "memory.memsw.usage_in_bytes",
          "memory.oom_control",
          "memory.swap.current",
          "memory.swap.events",
          "memory.swap.max",
          "memory.events.local",
          "memory.events",
          "memory.current",
          "memory.pressure",
          "memory.peak",
          "memory.high",
          "memory.stat",
          "memory.max",
          "memory.failcnt",
          "cpu.cfs_quota_us",
          "cpu.cfs_period_us",
          "cpu.pressure",
          "cpu.shares",
          "cpu.weight",
          "cpu.stat",
          "cpu.max",
          "cpuacct.usage",
          "io.pressure",
          "pids.current",
          "pids.max");

  /// Keys at the beginning of a line, and the file that has them.
  private static final Map<String, String> KEYS =
      Map.of(
          "oom_kill_disable", "memory.oom_control",
          "under_oom", "memory.oom_control",
          "oom_kill", "memory.events",
          "oom_group_kill", "memory.events",
          "nr_throttled", "cpu.stat",
          "usage_usec", "cpu.stat",
          "inactive_anon", "memory.stat",
          "total_inactive_anon", "memory.stat");

  private static final Pattern PRESSURE =
      Pattern.compile("(?:some|full) avg10=[0-9.]{1,8} avg60=[0-9.]{1,8} .*");

  private static final Pattern PAIR = Pattern.compile("[A-Za-z_0-9.]{1,60} -?[0-9]{1,20}");
  private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,20}|max");

  /// Files whose keys or numbers are all there is to them.
  private static final Set<String> PAIRS =
      Set.of("memory.events", "memory.oom_control", "cpu.stat", "memory.stat");

  private static final Set<String> NUMBERS =
      Set.of(
          "memory.max",
          "memory.current",
          "memory.peak",
          "memory.usage_in_bytes",
          "memory.limit_in_bytes",
          "memory.max_usage_in_bytes",
          "cpu.cfs_quota_us",
          "cpu.cfs_period_us");

  private CgroupNames() {}

  static boolean isLike(String name, List<String> lines) {
    return !byKeys(lines).isEmpty()
        || (lines.stream().allMatch(CgroupNames::isOfOne) && !byName(name).isEmpty());
  }

  /// Its own name where it has one of these, else by its keys, else as it is called.
  static String of(String name, List<String> lines) {
    String keys = byKeys(lines);
    if (!keys.isEmpty()) {
      return keys;
    }
    String known = byName(name);
    return known.isEmpty() ? name : known;
  }

  /// Whether lines are like those of any control group file.
  static boolean isLikeAny(List<String> lines) {
    return lines.stream().allMatch(CgroupNames::isOfOne);
  }

  /// Whether what the conclusions are drawn from are the numbers that they should be.
  static boolean isSound(Map<String, String> files) {
    return files.entrySet().stream().allMatch(file -> isSound(file.getKey(), file.getValue()));
  }

  private static boolean isSound(String name, String text) {
    List<String> lines = text.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
    if (lines.isEmpty()) {
      return true;
    }
    if (PAIRS.contains(name)) {
      return lines.stream().allMatch(line -> PAIR.matcher(line).matches());
    }
    if (NUMBERS.contains(name)) {
      return lines.size() == 1 && NUMBER.matcher(lines.getFirst()).matches();
    }
    return name.equals("cpu.max")
        ? lines.getFirst().matches("(?:max|[0-9]{1,19})( [0-9]{1,19})?")
        : true;
  }

  private static boolean isOfOne(String line) {
    return line.isBlank()
        || NUMBER.matcher(line.strip()).matches()
        || PAIR.matcher(line.strip()).matches()
        || PRESSURE.matcher(line.strip()).matches()
        || line.strip().matches("(?:max|[0-9]{1,19}) [0-9]{1,19}");
  }

  private static String byName(String name) {
    String small = name.toLowerCase(Locale.ROOT);
    for (String known : KNOWN) {
      if (small.contains(known)) {
        return known;
      }
    }
    return "";
  }

  private static String byKeys(List<String> lines) {
    for (String line : lines) {
      String[] words = line.strip().split(" ", 3);
      String file = KEYS.getOrDefault(words[0], "");
      if (words.length == 2 && !file.isEmpty() && all(lines)) {
        return lines.stream().anyMatch(one -> one.startsWith("oom_kill_disable "))
            ? "memory.oom_control"
            : file;
      }
    }
    return !lines.isEmpty() && PRESSURE.matcher(lines.getFirst()).matches() ? "pressure" : "";
  }

  private static boolean all(List<String> lines) {
    return lines.stream().allMatch(line -> line.isBlank() || PAIR.matcher(line.strip()).matches());
  }
}
