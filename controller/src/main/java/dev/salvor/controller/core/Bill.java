package dev.salvor.controller.core;

import dev.salvor.common.unit.InstanceId;
import dev.salvor.common.unit.Usd;
import java.time.Instant;
import java.util.Map;

/// One look at the account: what is left, and what was charged for each rental so far.
///
/// @param from charges from this moment on are counted
public record Bill(Instant at, Instant from, Usd credit, Map<InstanceId, Usd> charged) {
  public Bill {
    charged = Map.copyOf(charged);
  }
}
