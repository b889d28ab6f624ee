package dev.salvor.controller.cargo;

import java.nio.file.Path;

/// The bytes of a unit before they are on a target, or as they were read back from one.
///
/// @param data the directory with the unit's files and nothing else
/// @param hashed every file was hashed as it was written here, and is what the manifest names
/// @param keep they are wanted once more: they are copied, not moved
/// @param stored how it is known that the target has the same bytes, in the word of a receipt;
///   empty where these files themselves go there
public record Staged(Path data, boolean hashed, boolean keep, String stored) {
  public Staged(Path data, boolean hashed) {
    this(data, hashed, false, "");
  }

  Staged knownBy(String word) {
    return new Staged(data, hashed, keep, word);
  }

  Staged forAnother() {
    return new Staged(data, hashed, true, stored);
  }
}
