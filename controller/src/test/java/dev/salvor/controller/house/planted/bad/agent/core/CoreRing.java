package dev.salvor.controller.house.planted.bad.agent.core;

import dev.salvor.controller.house.planted.bad.agent.loop.LoopRing;

/// Planted: one half of a ring of packages.
public record CoreRing(Class<LoopRing> other) {}
