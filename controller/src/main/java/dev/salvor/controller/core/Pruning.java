package dev.salvor.controller.core;

import dev.salvor.common.checkpoint.UnitId;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// What is being removed from boxes by permit, what was, and what could not be.
///
/// @param permits by the effect they were made for
/// @param gone what does not lie on its box any more
/// @param failures how often each was asked for in vain
/// @param inARow failures since the last success
/// @param notBefore when the next may be asked for
public record Pruning(
    SortedMap<Long, PrunePermit> permits,
    Set<UnitId> gone,
    Map<UnitId, Integer> failures,
    int inARow,
    Instant notBefore) {
  static final Pruning NOTHING = new Pruning(new TreeMap<>(), Set.of(), Map.of(), 0, Instant.EPOCH);

  /// One that was asked for so often stays where it is: something there speaks against it.
  private static final int MOST_TRIES = 3;

  private static final Duration REST = Duration.ofSeconds(30);

  /// Half an hour or so: each try reads the copy at home.
  private static final int MOST_DOUBLINGS = 6;

  public Pruning {
    permits = Collections.unmodifiableSortedMap(new TreeMap<>(permits));
    gone = Set.copyOf(gone);
    failures = Map.copyOf(failures);
  }

  /// What a box was asked to remove, and has not said that it did: it may go there at any time.
  Set<UnitId> asked() {
    Set<UnitId> asked = new HashSet<>(failures.keySet());
    permits.values().forEach(permit -> asked.add(permit.terms().unit()));
    return asked;
  }

  /// It was asked for often enough.
  public boolean left(UnitId unit) {
    return failures.getOrDefault(unit, 0) >= MOST_TRIES;
  }

  Pruning granted(long effect, PrunePermit permit) {
    SortedMap<Long, PrunePermit> next = new TreeMap<>(permits);
    next.put(effect, permit);
    return new Pruning(next, gone, failures, inARow, notBefore);
  }

  /// A permit is good for one try, however it ends.
  Pruning closed(long effect) {
    SortedMap<Long, PrunePermit> next = new TreeMap<>(permits);
    next.remove(effect);
    return new Pruning(next, gone, failures, inARow, notBefore);
  }

  Pruning without(Collection<UnitId> units) {
    Set<UnitId> more = new HashSet<>(gone);
    more.addAll(units);
    Map<UnitId, Integer> rest = new HashMap<>(failures);
    rest.keySet().removeAll(units);
    return new Pruning(permits, more, rest, 0, Instant.EPOCH);
  }

  Pruning failed(UnitId unit, Instant at) {
    Map<UnitId, Integer> next = new HashMap<>(failures);
    next.merge(unit, 1, Integer::sum);
    Duration rest = REST.multipliedBy(1L << Math.min(MOST_DOUBLINGS, inARow));
    return new Pruning(permits, gone, next, inARow + 1, at.plus(rest));
  }
}
