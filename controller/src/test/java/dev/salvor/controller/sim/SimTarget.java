package dev.salvor.controller.sim;

import dev.salvor.common.checkpoint.UnitId;
import dev.salvor.common.unit.Sha256;
import java.util.HashSet;
import java.util.Set;

/// Where cargo lands. It survives everything.
final class SimTarget {
  private final Set<Sha256> contents = new HashSet<>();
  private final Set<UnitId> units = new HashSet<>();

  void land(UnitId unit) {
    units.add(unit);
    contents.add(unit.manifestDigest());
  }

  boolean has(UnitId unit) {
    return units.contains(unit);
  }

  /// By content, whatever it was called when it landed.
  boolean holds(Sha256 manifestDigest) {
    return contents.contains(manifestDigest);
  }
}
