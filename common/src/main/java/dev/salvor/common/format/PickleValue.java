package dev.salvor.common.format;

import java.util.List;

/// What a symbolic pickle machine needs to know of a value: enough to name imports and to lay
/// tensors over storages.
sealed interface PickleValue {
  PickleValue OPAQUE = new Opaque();
  PickleValue MARK = new Mark();

  /// A short string.
  record Text(String value) implements PickleValue {}

  /// An integer that fits into 64 bits.
  record Whole(long value) implements PickleValue {}

  /// A tuple with its items.
  record Tuple(List<PickleValue> items) implements PickleValue {}

  /// An imported name, "module.name".
  record Global(String name) implements PickleValue {}

  /// A torch storage by its persistent id; the element size is -1 where its type is unknown.
  record Storage(String key, long elements, int elementBytes) implements PickleValue {}

  /// Anything whose content does not matter here.
  record Opaque() implements PickleValue {}

  /// The bottom of an open tuple, list or dict.
  record Mark() implements PickleValue {}
}
