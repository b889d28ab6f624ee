package dev.salvor.common.checkpoint;

import java.nio.charset.StandardCharsets;

/// Counts whether files still fit into one unit's list, which must fit into one message and into
/// the memory of a small watcher.
public final class UnitSize {
  /// A list of so many bytes on the wire is spooled, sent and journaled in one piece.
  public static final int CHECKPOINT = 3 << 20;

  /// A part of results: smaller, since a tree of many files is many of them, one after another.
  public static final int RESULTS = 1 << 20;

  /// Digest, size and framing of one file on the wire.
  private static final long ENTRY_BYTES = 48;

  private final int most;
  private long files;
  private long bytes;

  public UnitSize(int most) {
    this.most = most;
  }

  /// Counts one more file; false where the list is full before it.
  public boolean takes(String path) {
    long cost = ENTRY_BYTES + path.getBytes(StandardCharsets.UTF_8).length;
    if (bytes + cost > most) {
      return false;
    }
    files++;
    bytes += cost;
    return true;
  }

  public String why() {
    return "it has more than %d files, and the list of one unit's files is at most %d bytes long"
        .formatted(files, most);
  }
}
