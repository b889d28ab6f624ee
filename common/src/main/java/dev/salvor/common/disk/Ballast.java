package dev.salvor.common.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/// Room held on a disk, in bytes and inodes, for when others have filled it and something must be
/// written down all the same. Safe for many threads of one process.
public final class Ballast {
  /// Each is one inode. A report, the memory and the catalog's state take turns with theirs; every
  /// checkpoint that is found on a disk without inodes keeps one until it is home.
  static final int PIECES = 8;

  private static final int PIECE_BYTES = 256 << 10;

  /// Never the last of anybody's room.
  private static final long SPARE_BYTES = 16L << 20;

  private static final Set<PosixFilePermission> OWNER =
      PosixFilePermissions.fromString("rw-------");

  private final Path directory;

  /// @param directory on the file system whose room it holds; made when first needed
  public Ballast(Path directory) {
    this.directory = directory;
  }

  /// Lets one piece go; false where none is left.
  public synchronized boolean drop() {
    Optional<Path> piece = piece();
    try {
      return piece.isPresent() && Files.deleteIfExists(piece.get());
    } catch (IOException e) {
      return false;
    }
  }

  /// Takes what is missing, where there is room to spare; none is no error.
  public synchronized void take() {
    try {
      Files.createDirectories(directory);
      Files.deleteIfExists(outgoing());
      for (int number = 0; number < PIECES; number++) {
        if (Files.getFileStore(directory).getUsableSpace() >= SPARE_BYTES) {
          fill(place(number));
        }
      }
    } catch (IOException e) {
      // The disk is full; what is held already stays.
    }
  }

  /// [Durable#replace], and where the disk has no inode for that, with one held here. The file that
  /// is replaced leaves its own behind, so that this goes on for as long as the disk is full.
  public synchronized void replace(Path file, byte[] content) throws IOException {
    try {
      Durable.replace(file, content);
    } catch (IOException e) {
      Optional<Path> piece = piece();
      if (piece.isEmpty()) {
        throw e;
      }
      replaceBy(piece.get(), file, content);
    }
  }

  /// Makes an empty file, by a held inode where the disk has no other; one that exists is left.
  public synchronized void ensure(Path file) throws IOException {
    if (!Files.exists(file)) {
      replace(file, new byte[0]);
    }
  }

  /// How many pieces it holds.
  public synchronized int pieces() {
    return (int) IntStream.range(0, PIECES).filter(number -> Files.exists(place(number))).count();
  }

  private void replaceBy(Path piece, Path file, byte[] content) throws IOException {
    overwrite(piece, content);
    Files.setPosixFilePermissions(piece, OWNER);
    Files.deleteIfExists(outgoing());
    boolean replaces = Files.exists(file);
    boolean kept = replaces && keeps(file);
    Files.move(piece, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    Durable.force(file.toAbsolutePath().resolveSibling("."));
    if (kept) {
      Files.move(outgoing(), piece, StandardCopyOption.ATOMIC_MOVE);
    } else if (replaces) {
      takeAgain(piece);
    }
  }

  /// A second name takes no inode, and keeps the one that the file is about to lose. In memory
  /// (tmpfs) it does take one.
  private boolean keeps(Path file) {
    try {
      Files.createLink(outgoing(), file);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /// What the replaced file lost, unless somebody was faster.
  private static void takeAgain(Path piece) {
    try {
      fill(piece);
    } catch (IOException e) {
      // There are others, for as long as they last.
    }
  }

  private static void overwrite(Path piece, byte[] content) throws IOException {
    try (FileChannel channel = FileChannel.open(piece, StandardOpenOption.WRITE)) {
      ByteBuffer bytes = ByteBuffer.wrap(content);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.truncate(content.length);
      channel.force(true);
    }
  }

  /// Written, not only sized: a sparse file holds nothing.
  private static void fill(Path piece) throws IOException {
    if (!Files.exists(piece)) {
      Files.createFile(piece, PosixFilePermissions.asFileAttribute(OWNER));
    }
    if (Files.size(piece) < PIECE_BYTES) {
      overwrite(piece, new byte[PIECE_BYTES]);
    }
  }

  private Optional<Path> piece() {
    return IntStream.range(0, PIECES).mapToObj(this::place).filter(Files::exists).findFirst();
  }

  private Path place(int number) {
    return directory.resolve(Integer.toString(number));
  }

  /// The second name of a file that is being replaced: never written to, for it may be the first.
  private Path outgoing() {
    return directory.resolve("outgoing");
  }
}
