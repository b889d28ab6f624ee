package dev.salvor.common.checkpoint;

import java.time.Instant;

/// A cargo unit as an agent found it: what it is, how far training was, and every byte it consists
/// of.
///
/// @param format what the agent took it for ("safetensors", "pytorch", "hf-trainer", "files")
/// @param step training step; 0 for results
/// @param writtenAt when its newest file was written, by the box's clock
public record Unit(
    UnitId id,
    UnitKind kind,
    String format,
    long step,
    Completeness completeness,
    Manifest manifest,
    Instant writtenAt) {
  public Unit {
    if (!manifest.digest().equals(id.manifestDigest())) {
      throw new IllegalArgumentException(
          "The id of " + id + " names another manifest: " + manifest.digest());
    }
    if (step < 0) {
      throw new IllegalArgumentException("A step is not negative: " + step);
    }
  }
}
