package dev.salvor.controller.cargo;

import dev.salvor.common.checkpoint.Manifest;
import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.checkpoint.UnitId;
import dev.salvor.common.unit.RunId;
import dev.salvor.controller.core.UnitPermit;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/// Where cargo is to stay. A unit's place is its run and its id, so no unit ever overwrites
/// another.
public interface Target {
  /// How thorough a look at stored bytes is.
  enum Look {
    /// Every file is there and as long as the manifest says.
    SIZES,
    /// Every byte is read and hashed.
    DIGESTS
  }

  /// Where a unit is or would be kept, in words that a person can follow.
  String place(RunId run, UnitId unit) throws CargoException;

  /// Proves the data and makes it durable at the unit's place, whole or not at all. Landing a unit
  /// that is there already, intact, is a success. The data directory may be consumed on success.
  Landing land(RunId run, Unit unit, Staged staged, Prover prover) throws CargoException;

  /// The way by which boxes put their parts there themselves; empty where there is none.
  default Optional<Straight.Way> straight(RunId run) throws CargoException {
    return Optional.empty();
  }

  /// The receipted units of a run, in no order.
  List<Unit> units(RunId run) throws CargoException;

  /// A receipted unit; empty where there is none of this id.
  Optional<Unit> unit(RunId run, UnitId unit) throws CargoException;

  /// Whether the bytes of a receipted unit are still on the target: asked before anything is
  /// erased.
  boolean stillThere(RunId run, UnitId unit, Manifest manifest, Look look) throws CargoException;

  /// Takes the unit of a permit away, receipt first: what is left of one that was cut off counts
  /// for nothing. One that is gone already is a success.
  void erase(RunId run, UnitPermit permit) throws CargoException;

  /// The bytes of one file of a receipted unit.
  InputStream read(RunId run, UnitId unit, String path) throws CargoException;
}
