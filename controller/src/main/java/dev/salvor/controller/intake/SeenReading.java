package dev.salvor.controller.intake;

/// What one probe of a box saw.
public record SeenReading(String probe, String name, What what) {

  /// A value, or the reason why there is none.
  public sealed interface What {}

  /// A measured value.
  ///
  /// @param unit of the value, as the probe names it; empty where it has none
  public record Measured(double value, String unit) implements What {}

  /// A value in words.
  public record Text(String value) implements What {}

  /// Nothing to see, and why.
  public record Absent(String why) implements What {}
}
