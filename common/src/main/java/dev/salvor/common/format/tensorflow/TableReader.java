package dev.salvor.common.format.tensorflow;

import dev.salvor.common.format.Content;
import dev.salvor.common.format.DamagedException;
import dev.salvor.common.format.codec.Snappy;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.CRC32C;

/// Reads a LevelDB-style table: blocks of sorted keys and values, an index of blocks, a footer with
/// magic. Every block's CRC is compared.
final class TableReader {
  static final long MAGIC = 0xdb4775248b80fb57L;
  static final int FOOTER_BYTES = 48;
  private static final int TRAILER_BYTES = 5;
  private static final int MAX_BLOCK_BYTES = 16 << 20;
  private static final int MAX_KEY_BYTES = 64 * 1024;
  private static final long MAX_ENTRIES = 2_000_000;

  /// Is given each key with its value, in order.
  interface Entries {
    void entry(byte[] key, ByteBuffer value) throws IOException;
  }

  private final Content content;
  private long seen;

  TableReader(Content content) {
    this.content = content;
  }

  static boolean isTable(Content content) throws IOException {
    return content.size() >= FOOTER_BYTES && content.read(content.size() - 8, 8).getLong() == MAGIC;
  }

  void read(Entries entries) throws IOException {
    if (!isTable(content)) {
      throw new DamagedException("No table magic at the end: the index is cut off");
    }
    ByteBuffer footer = content.read(content.size() - FOOTER_BYTES, FOOTER_BYTES);
    varint(footer);
    varint(footer);
    ByteBuffer index = block(varint(footer), varint(footer));
    each(index, (key, handle) -> each(block(varint(handle), varint(handle)), entries));
  }

  private ByteBuffer block(long offset, long size) throws IOException {
    if (size < 0 || size > MAX_BLOCK_BYTES) {
      throw new DamagedException("A table block of " + size + " bytes");
    }
    byte[] bytes = content.bytes(offset, (int) size + TRAILER_BYTES);
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, (int) size + 1);
    ByteBuffer trailer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    if (trailer.getInt((int) size + 1) != MaskedCrc.mask(crc.getValue())) {
      throw new DamagedException("The CRC of a table block does not match");
    }
    int packing = bytes[(int) size];
    byte[] plain = Arrays.copyOf(bytes, (int) size);
    return switch (packing) {
      case 0 -> ByteBuffer.wrap(plain).order(ByteOrder.LITTLE_ENDIAN);
      case 1 ->
          ByteBuffer.wrap(Snappy.unpack(plain, MAX_BLOCK_BYTES)).order(ByteOrder.LITTLE_ENDIAN);
      default -> throw new DamagedException("A table block packed in the way " + packing);
    };
  }

  /// Keys share their beginnings with the key before; the restarts at the end are for searching.
  private void each(ByteBuffer block, Entries entries) throws IOException {
    if (block.limit() < 4) {
      throw new DamagedException("A table block without restarts");
    }
    long restarts = block.getInt(block.limit() - 4) & 0xffffffffL;
    long end = block.limit() - 4 - 4 * restarts;
    if (end < 0) {
      throw new DamagedException("A table block with too many restarts");
    }
    block.limit((int) end);
    byte[] key = new byte[0];
    while (block.hasRemaining()) {
      long shared = varint(block);
      long own = varint(block);
      long value = varint(block);
      if (shared < 0 || shared > key.length || own < 0 || own + shared > MAX_KEY_BYTES) {
        throw new DamagedException("A table key that is too long");
      }
      if (value < 0 || value > block.remaining() - own) {
        throw new DamagedException("A table value that is longer than its block");
      }
      byte[] next = Arrays.copyOf(key, (int) (shared + own));
      block.get(next, (int) shared, (int) own);
      ByteBuffer slice = block.slice(block.position(), (int) value).order(ByteOrder.LITTLE_ENDIAN);
      block.position(block.position() + (int) value);
      key = next;
      if (++seen > MAX_ENTRIES) {
        throw new DamagedException("A table of over " + MAX_ENTRIES + " entries");
      }
      entries.entry(key, slice);
    }
  }

  static long varint(ByteBuffer in) throws IOException {
    long value = 0;
    for (int shift = 0; shift < 64 && in.hasRemaining(); shift += 7) {
      int next = in.get();
      value |= (long) (next & 0x7f) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw new DamagedException("A table number that does not end");
  }
}
