package dev.salvor.common.checkpoint;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;

/// A quick check sum of a block, 64 bits made of two CRCs: tells both sides of a copy what need not
/// be sent. It proves nothing: what is receipted is proven by SHA-256 alone.
public final class BlockPrint {
  private BlockPrint() {}

  public static long of(ByteBuffer data) {
    return of(List.of(data));
  }

  /// Of the pieces one after another; their positions stay.
  public static long of(List<ByteBuffer> pieces) {
    CRC32 high = new CRC32();
    CRC32C low = new CRC32C();
    for (ByteBuffer piece : pieces) {
      high.update(piece.duplicate());
      low.update(piece.duplicate());
    }
    return high.getValue() << 32 | low.getValue();
  }
}
