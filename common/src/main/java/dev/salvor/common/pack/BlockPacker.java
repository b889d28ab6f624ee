package dev.salvor.common.pack;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// Makes blocks of numbers smaller. Each stretch of a block is tried on a sample: as elements of 1,
/// 2, 4 or 8 bytes, and against the same stretch of the checkpoint before; what is smallest is
/// taken, and what does not pay stays as it is. For one thread.
public final class BlockPacker implements AutoCloseable {
  /// A plane of 4-byte elements is one block of zstd then, with codes of its own.
  static final int STRETCH_BYTES = 512 << 10;

  /// Of a stretch: how it is packed, and the length of what follows.
  static final int HEAD_BYTES = 5;

  static final int STORED = 0x80;
  static final int AGAINST_BASE = 0x40;
  static final int[] WIDTHS = {1, 2, 4, 8};

  /// Above it nothing is gained: levels up to 19 left 92.3 % of weights, as this one did.
  private static final int LEVEL = 3;

  private static final int SAMPLE_BYTES = 16 << 10;

  /// A stretch that stays larger is not worth the receiver's time.
  private static final double PAYS = 0.97;

  private final ZstdCompressCtx zstd = new ZstdCompressCtx();
  private final byte[] difference = new byte[STRETCH_BYTES];
  private final byte[] shuffled = new byte[STRETCH_BYTES];
  private final byte[] trial = new byte[(int) Zstd.compressBound(SAMPLE_BYTES)];
  private final byte[] packed = new byte[(int) Zstd.compressBound(STRETCH_BYTES)];

  public BlockPacker() {
    zstd.setLevel(LEVEL);
    zstd.setContentSize(false);
  }

  /// How a stretch is packed.
  private record Way(int width, boolean againstBase) {}

  /// The packed block into `into`, flipped; at most `mostBytes` of the block's length.
  ///
  /// @param base the same block of the checkpoint before, of the same length; empty where there is
  ///   none
  public ByteBuffer pack(byte[] block, int length, byte[] base, ByteBuffer into) {
    into.clear().order(ByteOrder.LITTLE_ENDIAN);
    for (int at = 0; at < length; at += STRETCH_BYTES) {
      int stretch = Math.min(STRETCH_BYTES, length - at);
      boolean hasBase = base.length >= at + stretch;
      if (hasBase) {
        xor(block, base, at, stretch, difference);
      }
      stretch(block, at, stretch, hasBase, into);
    }
    return into.flip();
  }

  /// The most that packing can make of a block.
  public static int mostBytes(int length) {
    return length + HEAD_BYTES * (length / STRETCH_BYTES + 1);
  }

  private void stretch(byte[] block, int at, int length, boolean hasBase, ByteBuffer into) {
    double[] left = {PAYS};
    Way way = way(block, at, length, hasBase, left);
    if (left[0] < PAYS) {
      Shuffle.apart(
          way.againstBase() ? difference : block,
          way.againstBase() ? 0 : at,
          length,
          way.width(),
          shuffled);
      int size = zstd.compressByteArray(packed, 0, packed.length, shuffled, 0, length);
      if (size < length) {
        int code = Integer.numberOfTrailingZeros(way.width());
        into.put((byte) (way.againstBase() ? code | AGAINST_BASE : code));
        into.putInt(size).put(packed, 0, size);
        return;
      }
    }
    into.put((byte) STORED).putInt(length).put(block, at, length);
  }

  /// The best on a sample from the middle, and what it leaves of it.
  private Way way(byte[] block, int at, int length, boolean hasBase, double[] left) {
    int sample = Math.min(SAMPLE_BYTES, length);
    int middle = (length - sample) / 2 & -8;
    Way best = new Way(1, false);
    for (int width : WIDTHS) {
      double plain = left(block, at + middle, sample, width);
      if (plain < left[0]) {
        left[0] = plain;
        best = new Way(width, false);
      }
      double against = hasBase ? left(difference, middle, sample, width) : 1;
      if (against < left[0]) {
        left[0] = against;
        best = new Way(width, true);
      }
    }
    return best;
  }

  private double left(byte[] from, int offset, int length, int width) {
    Shuffle.apart(from, offset, length, width, shuffled);
    try {
      return (double) zstd.compressByteArray(trial, 0, trial.length, shuffled, 0, length) / length;
    } catch (ZstdException e) {
      return 1;
    }
  }

  static void xor(byte[] a, byte[] b, int at, int length, byte[] to) {
    for (int i = 0; i < length; i++) {
      to[i] = (byte) (a[at + i] ^ b[at + i]);
    }
  }

  @Override
  public void close() {
    zstd.close();
  }
}
