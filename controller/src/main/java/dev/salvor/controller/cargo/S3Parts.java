package dev.salvor.controller.cargo;

/// How a file is cut for a store: one object put at once where it is small, else parts of one size.
///
/// @param size bytes of each part but the last
record S3Parts(long file, long size) {
  private static final long MIB = 1 << 20;

  /// Stores take parts from 5 MiB; each costs a request.
  private static final long USUAL = 16 * MIB;

  /// Stores take 10,000; half of that leaves room for files that are larger than they were said to.
  private static final long MOST = 5_000;

  static S3Parts of(long file) {
    long least = (file + MOST - 1) / MOST;
    return new S3Parts(file, Math.max(USUAL, (least + MIB - 1) / MIB * MIB));
  }

  /// Put at once: its digest is the store's checksum.
  boolean single() {
    return file <= size;
  }

  /// Nothing is in it: whoever puts it twice puts the same.
  boolean empty() {
    return file == 0;
  }

  int count() {
    return (int) Math.max(1, (file + size - 1) / size);
  }

  /// Where a part begins; they count from 1.
  long from(int number) {
    return (number - 1) * size;
  }

  long length(int number) {
    return Math.min(size, file - from(number));
  }
}
