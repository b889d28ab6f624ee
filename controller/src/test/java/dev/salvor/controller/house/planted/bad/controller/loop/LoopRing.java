package dev.salvor.controller.house.planted.bad.controller.loop;

import dev.salvor.controller.house.planted.bad.controller.cargo.CargoRing;

/// Planted: one half of a ring of packages.
public record LoopRing(Class<CargoRing> other) {}
