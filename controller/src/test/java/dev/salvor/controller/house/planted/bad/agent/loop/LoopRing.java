package dev.salvor.controller.house.planted.bad.agent.loop;

import dev.salvor.controller.house.planted.bad.agent.core.CoreRing;

/// Planted: one half of a ring of packages.
public record LoopRing(Class<CoreRing> other) {}
