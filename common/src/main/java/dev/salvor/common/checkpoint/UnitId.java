package dev.salvor.common.checkpoint;

import dev.salvor.common.unit.Sha256;

/// Which cargo unit: where in a run's life it was captured, and what it holds. Also its place on a
/// target.
public record UnitId(int generation, int boot, long captureSeq, Sha256 manifestDigest) {
  public UnitId {
    if (generation < 1 || boot < 1 || captureSeq < 1) {
      throw new IllegalArgumentException(
          "Generation, boot and capture count from 1: %d.%d.%d"
              .formatted(generation, boot, captureSeq));
    }
  }

  /// A single path name: "g1-b1-c0007-1a2b3c4d".
  @Override
  public String toString() {
    return "g%d-b%d-c%04d-%s".formatted(generation, boot, captureSeq, manifestDigest.brief());
  }
}
