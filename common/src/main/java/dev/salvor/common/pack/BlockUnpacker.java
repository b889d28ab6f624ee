package dev.salvor.common.pack;

import static dev.salvor.common.pack.BlockPacker.AGAINST_BASE;
import static dev.salvor.common.pack.BlockPacker.NO_BASE;
import static dev.salvor.common.pack.BlockPacker.STORED;
import static dev.salvor.common.pack.BlockPacker.STRETCH_BYTES;
import static dev.salvor.common.pack.BlockPacker.WAYS;

import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// Makes a block of what a packer made of it. What it is given is foreign: whatever it says, no
/// more comes out than the block has. For one thread.
public final class BlockUnpacker implements AutoCloseable {
  private final ZstdDecompressCtx zstd = new ZstdDecompressCtx();
  private final byte[] apart = new byte[STRETCH_BYTES];
  private final byte[] packed = new byte[STRETCH_BYTES];

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
    byte[] before = NO_BASE;
    for (int at = 0; at < length; at += STRETCH_BYTES) {
      int stretch = Math.min(STRETCH_BYTES, length - at);
      need(in, 1);
      int way = in.get() & 0xff;
      if (way == STORED) {
        need(in, stretch);
        in.get(block, at, stretch);
        continue;
      }
      boolean against = (way & AGAINST_BASE) != 0;
      if (against && before.length == 0) {
        before = base.block();
      }
      if (against && before.length < at + stretch) {
        throw new PackedException("A stretch against a checkpoint that is not here", true);
      }
      Planes planes = planes(way & ~AGAINST_BASE);
      read(planes, in, stretch);
      planes.together(apart, against ? before : NO_BASE, at, stretch, block);
    }
    if (in.hasRemaining()) {
      throw new PackedException("A packed block has %d bytes too many".formatted(in.remaining()));
    }
    return block;
  }

  private static Planes planes(int way) throws PackedException {
    if (way >= WAYS.size()) {
      throw new PackedException("A stretch packed in a way that is not known: " + way);
    }
    return WAYS.get(way);
  }

  /// Into `apart`.
  private void read(Planes planes, ByteBuffer in, int stretch) throws PackedException {
    int at = 0;
    for (int number = 0; number < planes.width(); number++) {
      int whole = planes.length(number, stretch);
      need(in, Integer.BYTES);
      int size = in.getInt();
      if (size < 0 || size > whole) {
        throw new PackedException("A plane of %d bytes in %d packed ones".formatted(whole, size));
      }
      need(in, size);
      if (size == whole) {
        in.get(apart, at, whole);
      } else {
        in.get(packed, 0, size);
        inflate(size, at, whole);
      }
      at += whole;
    }
  }

  private void inflate(int size, int at, int whole) throws PackedException {
    int came;
    try {
      came = zstd.decompressByteArray(apart, at, whole, packed, 0, size);
    } catch (ZstdException e) {
      throw new PackedException("A plane that does not unpack: " + e.getMessage());
    }
    if (came != whole) {
      throw new PackedException("A plane of %d bytes unpacks to %d".formatted(whole, came));
    }
  }

  private static void need(ByteBuffer in, int bytes) throws PackedException {
    if (in.remaining() < bytes) {
      throw new PackedException("A packed block ends before its last stretch");
    }
  }

  @Override
  public void close() {
    zstd.close();
  }
}
