package dev.salvor.controller.view;

import dev.salvor.common.unit.Usd;
import dev.salvor.common.unit.UsdPerHour;

/// What a run has cost, costs now, and has saved.
///
/// @param burn all its rentals together, an hour
/// @param onDemand what the running time would have cost on demand
/// @param savedOnPrice on demand less what was paid for the same time
/// @param savedWork the price of the training that would have had to be done again
public record MoneyView(
    Usd spent,
    UsdPerHour burn,
    Usd budget,
    Usd onDemand,
    Usd savedOnPrice,
    Usd savedWork,
    Parts parts) {

  /// What the money went into, and what of the budget is not to be worked with.
  ///
  /// @param gpu while boxes ran
  /// @param disk while they stood still
  /// @param bytes off them and onto them
  /// @param kept for bringing everything home
  public record Parts(Usd gpu, Usd disk, Usd bytes, Usd kept) {}
}
