package dev.salvor.controller.core;

import dev.salvor.common.checkpoint.UnitId;

/// What the core needs to know of a signed receipt: which unit, proven how, and where it lies.
///
/// @param place where the receipt file is, on the target
/// @param structureOnly no digest from the box to compare with: the files are whole by their own
///   structure
/// @param sentBytes what the box sent of it; -1 where that was not counted, as in a rescue
public record Receipt(UnitId unit, String place, boolean structureOnly, long sentBytes) {
  /// Not counted.
  public Receipt(UnitId unit, String place, boolean structureOnly) {
    this(unit, place, structureOnly, -1);
  }
}
