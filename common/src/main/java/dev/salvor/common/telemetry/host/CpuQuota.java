package dev.salvor.common.telemetry.host;

import dev.salvor.common.telemetry.Amounts;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/// A container's share of its host's processors, against what its job starts.
public final class CpuQuota {
  /// More threads than so many times the processors wait for each other.
  private static final double MANY = 2;

  private CpuQuota() {}

  /// Empty for no quota: "max" in version 2, -1 in version 1.
  static OptionalDouble cores(OptionalLong quotaMicros, OptionalLong periodMicros) {
    return quotaMicros.isPresent() && periodMicros.orElse(0) > 0
        ? OptionalDouble.of((double) quotaMicros.getAsLong() / periodMicros.getAsLong())
        : OptionalDouble.empty();
  }

  /// How many processors a list like "0-95,128" names; 0 for none.
  public static int processors(String list) {
    int count = 0;
    for (String part : list.strip().split(",", 1024)) {
      String[] ends = part.strip().split("-", 2);
      if (!ends[0].matches("[0-9]{1,5}") || !ends[ends.length - 1].matches("[0-9]{1,5}")) {
        return 0;
      }
      count += Math.max(0, Integer.parseInt(ends[ends.length - 1]) - Integer.parseInt(ends[0]) + 1);
    }
    return count;
  }

  /// What a person should know of the threads of a job on so many processors; empty where they fit.
  public static Optional<String> advice(int threads, double cores) {
    if (cores <= 0 || threads <= cores * MANY) {
      return Optional.empty();
    }
    return Optional.of(
        ("%d threads share %s processors: they take turns. Set OMP_NUM_THREADS and the loader's"
                + " workers to about %.0f together")
            .formatted(threads, Amounts.plain(cores), Math.max(1, cores)));
  }
}
