package dev.salvor.agent.core;

import dev.salvor.common.checkpoint.UnitId;

/// A copy-out that was ordered and is not done yet.
public record CarryOrder(String orderId, UnitId unit) {}
