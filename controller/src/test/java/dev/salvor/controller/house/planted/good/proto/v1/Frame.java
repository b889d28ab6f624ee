package dev.salvor.controller.house.planted.good.proto.v1;

/// Planted: keeps every rule.
public record Frame(long sequence) {}
