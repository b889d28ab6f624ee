package dev.salvor.controller.effect;

import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.unit.RunId;
import dev.salvor.controller.core.Outcome;
import dev.salvor.controller.core.RentalRef;
import dev.salvor.controller.core.UnitPermit;
import java.nio.file.Path;

/// Where cargo comes home to. May block on disk.
public interface Home {

  /// Whether every byte of a receipted unit is still on the target, by hash.
  boolean stillThere(RunId run, Unit unit);

  /// Takes a unit from everywhere that it is kept, by permit: Done or Failed.
  Outcome withdraw(RunId run, UnitPermit permit);

  /// Verifies files that a rescue fetched, and lands them: Landed or Failed.
  Outcome land(RunId run, RentalRef rental, Unit unit, Path fetched, boolean structureOnly);
}
