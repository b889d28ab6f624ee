package dev.salvor.controller.house.planted.bad.common.telemetry;

import dev.salvor.controller.house.planted.bad.common.unit.UnitRing;

/// Planted: one half of a ring of packages.
public record TelemetryRing(Class<UnitRing> other) {}
