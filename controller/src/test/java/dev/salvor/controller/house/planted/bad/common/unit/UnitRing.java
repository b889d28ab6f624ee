package dev.salvor.controller.house.planted.bad.common.unit;

import dev.salvor.controller.house.planted.bad.common.telemetry.TelemetryRing;

/// Planted: one half of a ring of packages.
public record UnitRing(Class<TelemetryRing> other) {}
