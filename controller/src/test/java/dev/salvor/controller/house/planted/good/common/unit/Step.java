package dev.salvor.controller.house.planted.good.common.unit;

/// Planted: keeps every rule.
public record Step(long number) {}
