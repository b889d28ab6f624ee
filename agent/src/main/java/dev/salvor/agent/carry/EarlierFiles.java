package dev.salvor.agent.carry;

import dev.salvor.common.checkpoint.FileEntry;
import dev.salvor.common.checkpoint.PinPlace;
import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.wire.UnitWire;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/// The files of a checkpoint that is home already, where they still lie on this box: blocks are
/// packed against theirs. What is not there, or cannot be read, is simply not used.
final class EarlierFiles implements AutoCloseable {
  static final EarlierFiles NONE = new EarlierFiles(Path.of(""), List.of());
  private static final byte[] NOTHING = {};

  private final Path place;
  private final List<FileEntry> files;
  private int openFile = -1;
  private @org.jspecify.annotations.Nullable FileChannel open;

  private EarlierFiles(Path place, List<FileEntry> files) {
    this.place = place;
    this.files = files;
  }

  static EarlierFiles find(CarryHome home, dev.salvor.proto.v1.Unit wire, Unit unit) {
    try {
      Unit base = UnitWire.read(wire);
      String root = base.manifest().root();
      List<FileEntry> files = base.manifest().files();
      boolean fits =
          FileEntry.isSafe(root.substring(1)) && files.size() == unit.manifest().files().size();
      if (!fits) {
        return NONE;
      }
      Path original = home.onDisk(root);
      return new EarlierFiles(PinPlace.find(original, base.id()).orElse(original), files);
    } catch (IllegalArgumentException e) {
      return NONE;
    }
  }

  /// The bytes of the same stretch; none where they are not to be had.
  byte[] block(int file, long at, int length) {
    if (file >= files.size() || at + length > files.get(file).size()) {
      return NOTHING;
    }
    try {
      ByteBuffer block = ByteBuffer.allocate(length);
      FileChannel in = channel(file);
      while (block.hasRemaining()) {
        if (in.read(block, at + block.position()) < 0) {
          return NOTHING;
        }
      }
      return block.array();
    } catch (IOException e) {
      return NOTHING;
    }
  }

  private FileChannel channel(int file) throws IOException {
    FileChannel now = open;
    if (now != null && openFile == file) {
      return now;
    }
    close();
    Path path = place.resolve(files.get(file).path());
    if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)
        || Files.size(path) != files.get(file).size()) {
      throw new IOException("Not the file that was copied: " + path);
    }
    now = FileChannel.open(path, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
    open = now;
    openFile = file;
    return now;
  }

  @Override
  public void close() throws IOException {
    FileChannel now = open;
    open = null;
    openFile = -1;
    if (now != null) {
      now.close();
    }
  }
}
