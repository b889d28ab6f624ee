package dev.salvor.agent.state;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// Room that this agent holds on its disk, in bytes and inodes, to let go of when the disk is full
/// and something must be written down.
public final class Ballast {
  /// A few reports and the memory fit into one; each is one inode too.
  private static final int PIECES = 4;

  private static final int PIECE_BYTES = 256 << 10;

  /// Never the last of anybody's room.
  private static final long SPARE_BYTES = 16L << 20;

  private final HomeDir home;

  public Ballast(HomeDir home) {
    this.home = home;
  }

  /// Lets one piece go; false where none is left.
  public boolean drop() {
    for (int piece = 0; piece < PIECES; piece++) {
      try {
        if (Files.deleteIfExists(place(piece))) {
          return true;
        }
      } catch (IOException e) {
        // Then the next one.
      }
    }
    return false;
  }

  /// Takes what is missing, where there is room to spare; none is no error.
  public void take() {
    try {
      Path directory = home.directory("ballast");
      for (int piece = 0; piece < PIECES; piece++) {
        boolean room = Files.getFileStore(directory).getUsableSpace() >= SPARE_BYTES;
        if (room && !Files.exists(place(piece))) {
          // Written, not only sized: a sparse file holds nothing.
          Files.write(place(piece), new byte[PIECE_BYTES], StandardOpenOption.CREATE_NEW);
        }
      }
    } catch (IOException e) {
      drop();
    }
  }

  /// How many pieces it holds.
  int pieces() {
    int held = 0;
    for (int piece = 0; piece < PIECES; piece++) {
      held += Files.exists(place(piece)) ? 1 : 0;
    }
    return held;
  }

  private Path place(int piece) {
    return home.path("ballast/" + piece);
  }
}
