package dev.salvor.controller.house.planted.bad.proto.v1;

/// Planted: stands for a generated class.
public record Frame(long sequence) {}
