package dev.salvor.agent.job;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// What the shim wrote down about one boot's job: who it is, and how it ended.
///
/// @param pid leader of the job's own session and process group
record JobRecord(long pid, long start, long shim, long shimStart) {
  static Optional<JobRecord> read(Path record) throws IOException {
    Optional<String> text = text(record.resolve("running"));
    if (text.isEmpty()) {
      return Optional.empty();
    }
    Map<String, Long> values = new HashMap<>();
    for (String line : text.get().lines().toList()) {
      int equals = line.indexOf('=');
      String value = line.substring(equals + 1);
      if (equals > 0 && !value.isEmpty() && value.chars().allMatch(Character::isDigit)) {
        values.put(line.substring(0, equals), Long.parseLong(value));
      }
    }
    if (!values.containsKey("pid")) {
      throw new IOException("The shim's record has no pid: " + record.resolve("running"));
    }
    return Optional.of(
        new JobRecord(
            values.getOrDefault("pid", 0L),
            values.getOrDefault("start", 0L),
            values.getOrDefault("shim", 0L),
            values.getOrDefault("shim_start", 0L)));
  }

  /// By the shim's word, else by that of the job's own leader: somebody may have killed the shim.
  static OptionalInt exit(Path record) throws IOException {
    Optional<String> text = text(record.resolve("exit")).or(() -> own(record));
    try {
      return text.isEmpty()
          ? OptionalInt.empty()
          : OptionalInt.of(Integer.parseInt(text.get().strip()));
    } catch (NumberFormatException e) {
      throw new IOException("The shim's exit status is no number: " + text.get(), e);
    }
  }

  boolean jobAlive() {
    return alive(pid, start);
  }

  /// While the shim lives, it may still write how the job ended.
  boolean shimAlive() {
    return alive(shim, shimStart);
  }

  private static boolean alive(long pid, long start) {
    return ProcStat.of(pid).filter(s -> s.alive() && s.startTicks() == start).isPresent();
  }

  private static Optional<String> own(Path record) {
    try {
      return text(record.resolve("status"));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static Optional<String> text(Path file) throws IOException {
    try {
      return Optional.of(Files.readString(file));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }
}
