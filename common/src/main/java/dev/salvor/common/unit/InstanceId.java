package dev.salvor.common.unit;

/// The platform's number of one rented instance (vast: contract id).
public record InstanceId(long value) {
  public InstanceId {
    if (value <= 0) {
      throw new IllegalArgumentException("An instance id is positive: " + value);
    }
  }

  @Override
  public String toString() {
    return Long.toString(value);
  }
}
