package dev.salvor.controller.bench;

import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.checkpoint.UnitId;
import dev.salvor.controller.intake.Caller;
import dev.salvor.controller.intake.CargoDesk;
import dev.salvor.controller.intake.DeskException;

/// A desk that takes nothing: these benches order no copy.
final class NoCargo implements CargoDesk {
  @Override
  public Copy open(Caller caller, Unit unit, int blockSize) throws DeskException {
    throw new DeskException(DeskException.Kind.REFUSED, "This bench takes no cargo");
  }

  @Override
  public Restoring restore(Caller caller, UnitId unit) throws DeskException {
    throw new DeskException(DeskException.Kind.REFUSED, "This bench gives no cargo");
  }
}
