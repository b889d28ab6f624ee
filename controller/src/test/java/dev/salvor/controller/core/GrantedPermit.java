package dev.salvor.controller.core;

import dev.salvor.common.unit.InstanceId;
import dev.salvor.controller.core.Permit.Ground;
import dev.salvor.controller.core.Permit.Terms;
import java.time.Instant;

/// A permit for tests of what is done with one; how one is earned is tested beside Permits.
public final class GrantedPermit {
  private GrantedPermit() {}

  public static Permit forInstance(InstanceId instance) {
    return new Permit(
        new Terms(new RentalRef(1, 1), instance, 1, 0, Ground.RECEIPTS, "a test", Instant.MAX));
  }
}
