package dev.salvor.common.framework;

import dev.salvor.common.format.pickle.PickleScan;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/// Picks the whole numbers that directly follow certain names in a pickle.
final class NumberHunt implements PickleScan.Taker {
  /// What tells the step stands before or right behind the tensors, not among a million strings.
  private static final int MAX_VALUES = 300_000;

  private final Set<String> names;
  private int seen;
  private final Map<String, Long> found = new HashMap<>();
  private String last = "";

  NumberHunt(Set<String> names) {
    this.names = Set.copyOf(names);
  }

  Map<String, Long> found() {
    return Map.copyOf(found);
  }

  @Override
  public boolean text(String value) {
    last = value;
    return ++seen < MAX_VALUES;
  }

  @Override
  public boolean whole(long value) {
    if (names.contains(last)) {
      found.putIfAbsent(last, value);
    }
    last = "";
    return ++seen < MAX_VALUES && found.size() < names.size();
  }

  @Override
  public boolean other() {
    last = "";
    return ++seen < MAX_VALUES;
  }
}
