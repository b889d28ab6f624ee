package dev.salvor.controller.sim;

import dev.salvor.common.checkpoint.UnitId;
import dev.salvor.common.unit.Sha256;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// Where cargo lands. It survives everything but what is done to it.
final class SimTarget {
  private final Map<String, UnitId> places = new HashMap<>();
  private final Set<Sha256> rotten = new HashSet<>();
  private final Set<Sha256> withdrawn = new HashSet<>();

  void land(UnitId unit) {
    UnitId there = places.put(place(unit), unit);
    if (there != null && !there.equals(unit)) {
      throw new Violation("3: " + unit + " lands where " + there + " lies");
    }
    rotten.remove(unit.manifestDigest());
  }

  /// Where a unit lies is its id.
  static String place(UnitId unit) {
    return "cargo/" + unit;
  }

  boolean has(UnitId unit) {
    return unit.equals(places.get(place(unit)));
  }

  /// Taken away by whoever looks after it.
  void erase(UnitId unit) {
    if (has(unit)) {
      places.remove(place(unit));
      withdrawn.add(unit.manifestDigest());
    }
  }

  /// It was here, and was taken away for newer ones.
  boolean withdrew(Sha256 manifestDigest) {
    return withdrawn.contains(manifestDigest) && !holds(manifestDigest);
  }

  /// By content, whatever it was called when it landed.
  boolean holds(Sha256 manifestDigest) {
    return places.values().stream().anyMatch(u -> u.manifestDigest().equals(manifestDigest));
  }

  /// It was here, and something on this side took it away.
  boolean lost(Sha256 manifestDigest) {
    return rotten.contains(manifestDigest) && !holds(manifestDigest);
  }

  /// In an order of their own, whatever the maps do.
  List<String> all() {
    return List.copyOf(new TreeSet<>(places.keySet()));
  }

  void rot(String place) {
    UnitId unit = places.remove(place);
    if (unit != null) {
      rotten.add(unit.manifestDigest());
    }
  }
}
