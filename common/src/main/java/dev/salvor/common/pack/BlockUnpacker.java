package dev.salvor.common.pack;

import static dev.salvor.common.pack.BlockPacker.AGAINST_BASE;
import static dev.salvor.common.pack.BlockPacker.HEAD_BYTES;
import static dev.salvor.common.pack.BlockPacker.STORED;
import static dev.salvor.common.pack.BlockPacker.STRETCH_BYTES;
import static dev.salvor.common.pack.BlockPacker.WIDTHS;

import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// Makes a block of what a packer made of it. What it is given is foreign: whatever it says, no
/// more comes out than the block has. For one thread.
public final class BlockUnpacker implements AutoCloseable {
  private final ZstdDecompressCtx zstd = new ZstdDecompressCtx();
  private final byte[] shuffled = new byte[STRETCH_BYTES];

  /// What the packed block needs of the checkpoint before.
  @FunctionalInterface
  public interface Earlier {
    /// The block of the checkpoint before; empty where there is none.
    byte[] block();
  }

  /// The block itself.
  ///
  /// @param length of the block, as the receiver knows it
  public byte[] unpack(ByteBuffer packed, int length, Earlier base) throws PackedException {
    ByteBuffer in = packed.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    byte[] block = new byte[length];
    byte[] before = {};
    for (int at = 0; at < length; at += STRETCH_BYTES) {
      int stretch = Math.min(STRETCH_BYTES, length - at);
      if (in.remaining() < HEAD_BYTES) {
        throw new PackedException("A packed block ends before its last stretch");
      }
      int way = in.get() & 0xff;
      if ((way & AGAINST_BASE) != 0 && before.length == 0) {
        before = base.block();
      }
      byte[] bytes = bytes(in);
      if (way == STORED) {
        stored(bytes, stretch, block, at);
      } else {
        packed(way, bytes, stretch, block, at);
        against(way, before, stretch, block, at);
      }
    }
    if (in.hasRemaining()) {
      throw new PackedException("A packed block has %d bytes too many".formatted(in.remaining()));
    }
    return block;
  }

  private static void stored(byte[] bytes, int length, byte[] block, int at)
      throws PackedException {
    if (bytes.length != length) {
      throw new PackedException("A stretch of %d bytes holds %d".formatted(length, bytes.length));
    }
    System.arraycopy(bytes, 0, block, at, length);
  }

  private void packed(int way, byte[] bytes, int length, byte[] block, int at)
      throws PackedException {
    int width = way & ~AGAINST_BASE;
    if (width >= WIDTHS.length) {
      throw new PackedException("A stretch packed in a way that is not known: " + way);
    }
    int came;
    try {
      came = zstd.decompressByteArray(shuffled, 0, length, bytes, 0, bytes.length);
    } catch (ZstdException e) {
      throw new PackedException("A stretch that does not unpack: " + e.getMessage());
    }
    if (came != length) {
      throw new PackedException("A stretch of %d bytes unpacks to %d".formatted(length, came));
    }
    Shuffle.together(shuffled, length, WIDTHS[width], block, at);
  }

  private static void against(int way, byte[] before, int length, byte[] block, int at)
      throws PackedException {
    if ((way & AGAINST_BASE) == 0) {
      return;
    }
    if (before.length < at + length) {
      throw new PackedException("A stretch against a checkpoint that is not here", true);
    }
    for (int i = at; i < at + length; i++) {
      block[i] ^= before[i];
    }
  }

  /// The stretch's own bytes.
  private static byte[] bytes(ByteBuffer in) throws PackedException {
    int size = in.getInt();
    if (size < 0 || size > STRETCH_BYTES || size > in.remaining()) {
      throw new PackedException("A stretch of %d packed bytes".formatted(size));
    }
    byte[] bytes = new byte[size];
    in.get(bytes);
    return bytes;
  }

  @Override
  public void close() {
    zstd.close();
  }
}
