package dev.salvor.agent.carry;

import dev.salvor.agent.carry.CarryException.Kind;
import dev.salvor.common.checkpoint.FileEntry;
import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.unit.Sha256;
import dev.salvor.proto.v1.Block;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.List;
import java.util.Objects;

/// Writes the files of a unit as their blocks come, in order, and checks each file against the
/// manifest as it ends.
final class RestoredFiles implements AutoCloseable {
  private final Unit unit;
  private final Path directory;
  private int file = -1;
  private long written;
  private MessageDigest digest = Sha256.newDigest();
  private @org.jspecify.annotations.Nullable FileChannel out;

  RestoredFiles(Unit unit, Path directory) {
    this.unit = unit;
    this.directory = directory;
  }

  void accept(Block block) throws IOException, CarryException {
    while (file < block.getFile()) {
      nextFile();
    }
    ByteBuffer data = block.getData().asReadOnlyByteBuffer();
    boolean fits =
        block.getFile() == file
            && data.remaining() <= files().get(file).size() - written
            && data.hasRemaining();
    FileChannel channel = out;
    if (!fits || channel == null) {
      throw new CarryException(Kind.REFUSED, "The controller sent a block out of its order");
    }
    digest.update(data.duplicate());
    written += data.remaining();
    while (data.hasRemaining()) {
      channel.write(data);
    }
  }

  /// Ends the last file, and makes the empty ones behind it.
  void finish() throws IOException, CarryException {
    while (file < files().size()) {
      nextFile();
    }
  }

  private void nextFile() throws IOException, CarryException {
    end();
    file++;
    if (file >= files().size()) {
      return;
    }
    Path path = directory.resolve(files().get(file).path());
    Files.createDirectories(Objects.requireNonNull(path.getParent()));
    out = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    written = 0;
    digest = Sha256.newDigest();
  }

  private void end() throws IOException, CarryException {
    if (file < 0) {
      return;
    }
    close();
    if (file >= files().size()) {
      throw new CarryException(Kind.REFUSED, "The controller sent a file that the unit has not");
    }
    FileEntry entry = files().get(file);
    if (written != entry.size() || !Sha256.fromBytes(digest.digest()).equals(entry.digest())) {
      throw new CarryException(
          Kind.UNREACHABLE, "What arrived of " + entry.path() + " is not what the unit names");
    }
  }

  private List<FileEntry> files() {
    return unit.manifest().files();
  }

  @Override
  public void close() throws IOException {
    FileChannel channel = out;
    out = null;
    if (channel != null) {
      channel.close();
    }
  }
}
