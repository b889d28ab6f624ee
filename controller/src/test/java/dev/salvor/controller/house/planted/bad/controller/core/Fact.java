package dev.salvor.controller.house.planted.bad.controller.core;

/// Planted: a value that others must not reach for.
public record Fact(int step) {}
