package dev.salvor.common.telemetry;

import java.util.OptionalLong;

/// Parses the memory files of both cgroup versions.
public final class CgroupMemory {
  /// Version 1 writes "no limit" as the largest multiple of the page size; anything this large is
  /// none.
  private static final long NO_LIMIT = 1L << 62;

  private CgroupMemory() {}

  /// A limit in bytes; empty for "max" (v2) and its huge stand-in (v1).
  public static OptionalLong limit(String text) {
    OptionalLong value = bytes(text);
    return value.isPresent() && value.getAsLong() >= NO_LIMIT ? OptionalLong.empty() : value;
  }

  /// A file with a single number; empty where it is none.
  public static OptionalLong bytes(String text) {
    String word = text.strip();
    if (word.isEmpty() || word.length() > 19 || !word.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return OptionalLong.empty();
    }
    try {
      return OptionalLong.of(Long.parseLong(word));
    } catch (NumberFormatException e) {
      return OptionalLong.empty();
    }
  }

  /// The value of a key in "key value" lines: memory.events (v2) or memory.oom_control (v1).
  public static OptionalLong field(String text, String key) {
    return text.lines()
        .filter(line -> line.startsWith(key + " "))
        .map(line -> bytes(line.substring(key.length() + 1)))
        .findFirst()
        .orElse(OptionalLong.empty());
  }
}
