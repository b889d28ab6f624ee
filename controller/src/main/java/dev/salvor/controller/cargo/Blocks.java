package dev.salvor.controller.cargo;

import dev.salvor.common.checkpoint.FileEntry;

/// How files are cut: every block of a file has the same size but the last, which has the rest.
record Blocks(int size) {
  private static final int LEAST = 4 << 10;

  /// A message of the wire must hold a block.
  private static final int MOST = 16 << 20;

  Blocks {
    if (size < LEAST || size > MOST) {
      throw new IllegalArgumentException(
          "A block has %d to %d bytes, not %d".formatted(LEAST, MOST, size));
    }
  }

  long count(FileEntry file) {
    return (file.size() + size - 1) / size;
  }

  /// Bytes of the block; the index must be one of the file's.
  int length(FileEntry file, long index) {
    return (int) Math.min(size, file.size() - index * size);
  }
}
