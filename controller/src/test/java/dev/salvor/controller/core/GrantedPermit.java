package dev.salvor.controller.core;

import dev.salvor.common.checkpoint.UnitId;
import dev.salvor.common.unit.InstanceId;
import dev.salvor.controller.core.Permit.Ground;
import dev.salvor.controller.core.Permit.Terms;
import java.time.Instant;
import java.util.List;

/// A permit for tests of what is done with one; how one is earned is tested beside Permits.
public final class GrantedPermit {
  private GrantedPermit() {}

  public static Permit forInstance(InstanceId instance) {
    return new Permit(
        new Terms(new RentalRef(1, 1), instance, 1, 0, Ground.RECEIPTS, "a test", Instant.MAX));
  }

  /// For a unit on the first boot of the first rental, beside which another stays.
  public static PrunePermit toPrune(UnitId unit, UnitId stays) {
    return new PrunePermit(
        new PrunePermit.Terms(new RentalRef(1, 1), 1, unit, List.of(stays), Instant.MAX));
  }

  /// For a unit in whose place another stays.
  public static UnitPermit of(UnitId unit, UnitId stays) {
    return new UnitPermit(new UnitPermit.Terms(unit, List.of(stays), Instant.MAX));
  }
}
