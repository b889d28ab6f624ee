package dev.salvor.common.unit;

/// The platform's number of a physical machine, which outlives its offers and rentals.
public record MachineId(long value) {
  @Override
  public String toString() {
    return Long.toString(value);
  }
}
