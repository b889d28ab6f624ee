package dev.salvor.common.pack;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.stream.IntStream;

/// Makes blocks of numbers smaller. Each stretch of a block is tried on a sample: as numbers of 1,
/// 2, 4 or 8 bytes, and against the same stretch of the checkpoint before; what is smallest is
/// taken, and what does not pay stays as it is. For one thread.
///
/// A stretch is a byte that says how it is packed, and for each plane of its numbers a length and
/// so many bytes: of zstd, or of the plane itself where the length is the plane's own.
public final class BlockPacker implements AutoCloseable {
  /// Tensors lie side by side and pack each in its own way; a shorter one pays for its codes.
  static final int STRETCH_BYTES = 256 << 10;

  static final int STORED = 0x80;
  static final int AGAINST_BASE = 0x40;
  static final List<Planes> WAYS = IntStream.of(1, 2, 4, 8).mapToObj(Planes::new).toList();

  static final byte[] NO_BASE = {};

  /// Above it nothing is gained: levels up to 19 left 92.3 % of weights, as this one did.
  private static final int LEVEL = 3;

  private static final int SAMPLE_BYTES = 16 << 10;

  /// A stretch that stays larger is not worth the receiver's time.
  private static final double PAYS = 0.97;

  private final ZstdCompressCtx zstd = new ZstdCompressCtx();
  private final byte[] apart = new byte[STRETCH_BYTES];
  private final byte[] plane = new byte[(int) Zstd.compressBound(STRETCH_BYTES)];
  private final ByteBuffer packed =
      ByteBuffer.allocate(STRETCH_BYTES + Long.BYTES * Integer.BYTES)
          .order(ByteOrder.LITTLE_ENDIAN);

  public BlockPacker() {
    zstd.setLevel(LEVEL);
    zstd.setContentSize(false);
  }

  /// How a stretch is packed: as one of the ways, counted from 0.
  private record Way(int number, boolean againstBase) {
    byte code() {
      return (byte) (againstBase ? number | AGAINST_BASE : number);
    }
  }

  /// The packed block into `into`, flipped; at most `mostBytes` of the block's length.
  ///
  /// @param base the same block of the checkpoint before, of the same length; empty where there is
  ///   none
  public ByteBuffer pack(byte[] block, int length, byte[] base, ByteBuffer into) {
    into.clear();
    for (int at = 0; at < length; at += STRETCH_BYTES) {
      int stretch = Math.min(STRETCH_BYTES, length - at);
      stretch(block, base.length >= at + stretch ? base : NO_BASE, at, stretch, into);
    }
    return into.flip();
  }

  /// The most that packing can make of a block.
  public static int mostBytes(int length) {
    return length + length / STRETCH_BYTES + 1;
  }

  private void stretch(byte[] block, byte[] base, int at, int length, ByteBuffer into) {
    Way way = way(block, base, at, length);
    if (way.number() < WAYS.size()
        && planes(block, way.againstBase() ? base : NO_BASE, at, length, way.number()) < length) {
      into.put(way.code()).put(packed.flip());
    } else {
      into.put((byte) STORED).put(block, at, length);
    }
  }

  /// The best on a sample from the middle; none of them where none pays.
  private Way way(byte[] block, byte[] base, int at, int length) {
    int sample = Math.min(SAMPLE_BYTES, length);
    int middle = at + (((length - sample) / 2) & -Long.BYTES);
    int least = (int) (PAYS * sample);
    Way best = new Way(WAYS.size(), false);
    for (int number = 0; number < WAYS.size(); number++) {
      int plain = planes(block, NO_BASE, middle, sample, number);
      if (plain < least) {
        least = plain;
        best = new Way(number, false);
      }
      int against =
          base.length > 0 ? planes(block, base, middle, sample, number) : Integer.MAX_VALUE;
      if (against < least) {
        least = against;
        best = new Way(number, true);
      }
    }
    return best;
  }

  /// Leaves them in `packed`; how many bytes that is.
  private int planes(byte[] block, byte[] base, int at, int length, int way) {
    Planes planes = WAYS.get(way);
    planes.apart(block, base, at, length, apart);
    packed.clear();
    int from = 0;
    for (int number = 0; number < planes.width(); number++) {
      int whole = planes.length(number, length);
      int size = zstd.compressByteArray(plane, 0, plane.length, apart, from, whole);
      if (size < whole) {
        packed.putInt(size).put(plane, 0, size);
      } else {
        packed.putInt(whole).put(apart, from, whole);
      }
      from += whole;
    }
    return packed.position();
  }

  @Override
  public void close() {
    zstd.close();
  }
}
