package dev.salvor.controller.sandbox.market;

import java.util.ArrayList;
import java.util.List;

/// Some of a machine's GPUs that are let together: all of them, a half, a quarter, down to one.
/// Which ones is fixed for a rental's life: it starts again on these, or not at all.
///
/// @param first the first of them, counted from 0
record Slot(int first, int gpus) {
  Slot {
    if (gpus < 1 || Integer.bitCount(gpus) != 1 || first < 0 || first % gpus != 0) {
      throw new IllegalArgumentException("no slot: %d GPUs from %d on".formatted(gpus, first));
    }
  }

  /// Every slot of a machine with so many GPUs, by number: the whole first, single ones last.
  static List<Slot> of(int gpus) {
    var all = new ArrayList<Slot>();
    for (int size = gpus; size >= 1; size /= 2) {
      for (int first = 0; first < gpus; first += size) {
        all.add(new Slot(first, size));
      }
    }
    return List.copyOf(all);
  }

  /// Its place in that list.
  int number(int of) {
    return of / gpus - 1 + first / gpus;
  }

  boolean overlaps(Slot other) {
    return first < other.first + other.gpus && other.first < first + gpus;
  }
}
