package dev.salvor.controller.cargo;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;

/// Which blocks of a unit are staged: an append-only file of fixed records, each with a checksum,
/// so that a torn end is seen and dropped.
final class BlockJournal implements AutoCloseable {
  private static final int BODY_BYTES = 4 + 8 + 8;
  private static final int RECORD_BYTES = BODY_BYTES + 4;

  private final FileChannel channel;

  private BlockJournal(FileChannel channel) {
    this.channel = channel;
  }

  static BlockJournal open(Path file) throws IOException {
    return new BlockJournal(
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            LinkOption.NOFOLLOW_LINKS));
  }

  /// Every whole record; what follows the first broken one is cut off.
  List<HeldBlock> replay() throws IOException {
    List<HeldBlock> blocks = new ArrayList<>();
    long good = 0;
    for (ByteBuffer record = record(good); record != null; record = record(good)) {
      blocks.add(new HeldBlock(record.getInt(0), record.getLong(4), record.getLong(12)));
      good += RECORD_BYTES;
    }
    channel.truncate(good);
    channel.position(good);
    return blocks;
  }

  private @org.jspecify.annotations.Nullable ByteBuffer record(long at) throws IOException {
    ByteBuffer record = ByteBuffer.allocate(RECORD_BYTES);
    while (record.hasRemaining()) {
      if (channel.read(record, at + record.position()) < 0) {
        return null;
      }
    }
    return record.getInt(BODY_BYTES) == checksum(record) ? record : null;
  }

  void append(HeldBlock block) throws IOException {
    ByteBuffer record = ByteBuffer.allocate(RECORD_BYTES);
    record.putInt(block.file()).putLong(block.index()).putLong(block.print());
    record.putInt(checksum(record)).flip();
    while (record.hasRemaining()) {
      channel.write(record);
    }
  }

  /// Starts over with these blocks.
  void rewrite(Iterable<HeldBlock> blocks) throws IOException {
    channel.truncate(0);
    channel.position(0);
    for (HeldBlock block : blocks) {
      append(block);
    }
    channel.force(true);
  }

  private static int checksum(ByteBuffer record) {
    CRC32 crc = new CRC32();
    crc.update(record.duplicate().position(0).limit(BODY_BYTES));
    return (int) crc.getValue();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
