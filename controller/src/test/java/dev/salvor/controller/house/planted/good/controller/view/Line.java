package dev.salvor.controller.house.planted.good.controller.view;

/// Planted: keeps every rule.
public record Line(String text) {}
