package dev.salvor.controller.core;

/// Which rental of a run: its generation, and which attempt at getting one.
public record RentalRef(int generation, int attempt) implements Comparable<RentalRef> {
  public RentalRef {
    if (generation < 1 || attempt < 1) {
      throw new IllegalArgumentException("Generations and attempts count from 1");
    }
  }

  @Override
  public int compareTo(RentalRef other) {
    int byGeneration = Integer.compare(generation, other.generation);
    return byGeneration != 0 ? byGeneration : Integer.compare(attempt, other.attempt);
  }

  /// "2.1": generation 2, first attempt.
  @Override
  public String toString() {
    return generation + "." + attempt;
  }
}
