package dev.salvor.agent.carry;

import dev.salvor.common.pack.BlockPacker;
import java.nio.ByteBuffer;
import java.util.Objects;

/// Whether blocks are packed, and the packing: where bytes have a price, or where the line takes
/// them slower than they are packed.
final class Thrift implements AutoCloseable {
  /// A fraction of what packing does in a second.
  private static final long SLOW_BYTES_A_SECOND = 45_000_000;

  /// Some blocks go into windows and buffers before the line shows what it can do.
  private static final long TRIED_BYTES = 32L << 20;

  private final long begun = System.nanoTime();
  private final ByteBuffer packed = ByteBuffer.allocate(BlockPacker.mostBytes(CopyOut.BLOCK_BYTES));
  private long sentBytes;
  private boolean priced;
  private boolean unable;
  private @org.jspecify.annotations.Nullable BlockPacker packer;

  /// What the controller says.
  void told(boolean thrifty) {
    priced = thrifty;
  }

  boolean on() {
    return (priced || slow()) && able();
  }

  /// A box whose temporary directory runs no code has no native packer; its blocks go as they are.
  private boolean able() {
    if (packer == null && !unable) {
      try {
        packer = new BlockPacker();
      } catch (LinkageError e) {
        unable = true;
        System.err.println("Blocks are sent as they are, the packer does not load: " + e);
      }
    }
    return packer != null;
  }

  private boolean slow() {
    double seconds = (System.nanoTime() - begun) / 1e9;
    return sentBytes >= TRIED_BYTES && sentBytes / seconds < SLOW_BYTES_A_SECOND;
  }

  /// A block was taken by the line.
  void sent(long bytes) {
    sentBytes += bytes;
  }

  /// The block's packed form, good until the next.
  ByteBuffer pack(byte[] block, int length, byte[] before) {
    return Objects.requireNonNull(packer).pack(block, length, before, packed);
  }

  @Override
  public void close() {
    BlockPacker now = packer;
    if (now != null) {
      now.close();
    }
  }
}
