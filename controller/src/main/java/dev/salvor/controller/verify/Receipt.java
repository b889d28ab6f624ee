package dev.salvor.controller.verify;

import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.unit.RunId;
import java.time.Instant;

/// The record of a proof: whose cargo, which bytes, where they are, what was checked and when.
///
/// @param rental the label of the rental the unit came from
/// @param target where the unit is kept, in the target's words
public record Receipt(
    RunId run, String rental, Unit unit, String target, Verification proof, Instant time) {
  public Receipt {
    if (!proof.accepted()) {
      throw new IllegalArgumentException("No receipt for a unit that was refused: " + unit.id());
    }
  }
}
