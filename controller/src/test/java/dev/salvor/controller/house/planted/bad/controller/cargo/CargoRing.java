package dev.salvor.controller.house.planted.bad.controller.cargo;

import dev.salvor.controller.house.planted.bad.controller.loop.LoopRing;

/// Planted: one half of a ring of packages.
public record CargoRing(Class<LoopRing> other) {}
