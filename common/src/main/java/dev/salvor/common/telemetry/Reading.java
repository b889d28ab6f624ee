package dev.salvor.common.telemetry;

/// What one probe saw: a value with its unit, or that there is none and why.
public sealed interface Reading {
  /// Which probe looked ("gpu", "disk").
  String probe();

  /// What it looked at ("count", "free /work").
  String name();

  /// A measured number.
  record Amount(String probe, String name, double value, String unit) implements Reading {}

  /// A word or name.
  record Text(String probe, String name, String value) implements Reading {}

  /// Not to be had, with the reason.
  record Absent(String probe, String name, String why) implements Reading {}
}
