package dev.salvor.controller.core;

import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.unit.InstanceId;
import dev.salvor.common.unit.UsdPerHour;

/// The doing of a decision, as data. Each is journaled before it is done.
public sealed interface Effect {

  /// Ask the market what is for rent now.
  record Search() implements Effect {}

  /// Rent an offer. Never repeated: when the answer is lost, the label tells later what became of
  /// it.
  ///
  /// @param bid the price is a bid; otherwise it is what the offer costs on demand
  record Create(RentalRef rental, Offer offer, UsdPerHour price, boolean bid) implements Effect {}

  /// Pause a rental; its disk goes on billing.
  record Stop(RentalRef rental, InstanceId instance) implements Effect {}

  /// Raise a paused rental's bid and let it run again.
  record Raise(RentalRef rental, InstanceId instance, UsdPerHour bid) implements Effect {}

  /// Erase a rental. The terms are data; the permit that the doing needs is in the state, if it is.
  record Destroy(Permit.Terms terms) implements Effect {}

  /// Tell the agent of one boot something.
  record Tell(RentalRef rental, int boot, AgentOrder order) implements Effect {}

  /// Make a new disk fit for its job: prove that its login works, and bring the user's directory to
  /// it. Harmless to repeat.
  record Prepare(RentalRef rental, InstanceId instance) implements Effect {}

  /// Read the end of the platform's log of a box that does not come up.
  record ReadLog(RentalRef rental, InstanceId instance) implements Effect {}

  /// Take a receipted unit from where it is kept. The terms are data; the permit that the doing
  /// needs is in the state, if it is.
  record Withdraw(UnitPermit.Terms terms) implements Effect {}

  /// Remove a receipted checkpoint from a box whose disk is short. The terms are data; the permit
  /// that the doing needs is in the state, if it is.
  record Prune(PrunePermit.Terms terms) implements Effect {}

  /// Copy one unit out and prove the copy.
  record CopyOut(RentalRef rental, Unit unit) implements Effect {}

  /// Fetch what a paused disk holds beyond the receipts, through the platform's own copy call.
  record Rescue(RentalRef rental, InstanceId instance) implements Effect {}
}
