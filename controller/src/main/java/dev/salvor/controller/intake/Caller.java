package dev.salvor.controller.intake;

import dev.salvor.common.unit.RunId;
import dev.salvor.controller.core.RentalRef;

/// Which rental of which run speaks, by its certificate.
public record Caller(RunId run, RentalRef rental) {
  @Override
  public String toString() {
    return run + " " + rental;
  }
}
