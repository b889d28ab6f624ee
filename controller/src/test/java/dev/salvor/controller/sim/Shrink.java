package dev.salvor.controller.sim;

import dev.salvor.controller.sim.Sim.Result;
import java.util.ArrayList;
import java.util.List;

/// Finds a shorter story for a failure: the same world with fewer faults that still fails for the
/// same reason.
final class Shrink {
  /// Replays of one world; a story that stays long is still a story.
  private static final int TRIES = 80;

  private final Cast cast;
  private int left = TRIES;

  Shrink(Cast cast) {
    this.cast = cast;
  }

  Result shortest(Result failed) {
    Result best = failed;
    for (int size = Math.max(1, best.plan().faults().size() / 2); size >= 1; size /= 2) {
      int from = 0;
      while (from < best.plan().faults().size() && left > 0) {
        Result fewer = without(best, from, size);
        if (sameReason(failed, fewer)) {
          best = fewer;
        } else {
          from += size;
        }
      }
    }
    return best;
  }

  private Result without(Result result, int from, int size) {
    left--;
    List<Plan.Fault> fewer = new ArrayList<>(result.plan().faults());
    fewer.subList(from, Math.min(fewer.size(), from + size)).clear();
    return new Sim(result.seed(), cast, result.plan().with(fewer)).play();
  }

  private static boolean sameReason(Result a, Result b) {
    return b.failed() && kind(a).equals(kind(b));
  }

  /// "4: two boxes" of "4: two boxes train".
  private static String kind(Result result) {
    String[] words = result.violation().split("\\s+", 5);
    return String.join(" ", List.of(words).subList(0, Math.min(3, words.length)));
  }
}
