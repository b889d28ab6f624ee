package dev.salvor.common.format.codec;

import dev.salvor.common.format.DamagedException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/// Unpacks LZ4 frames (lz4/lz4, doc/lz4_Frame_format.md), block by block over a window of 64 KiB.
/// Its checksums, xxHash, are not computed.
public final class Lz4Stream extends InputStream {
  private static final int MAGIC = 0x184D2204;
  private static final int WINDOW = 64 * 1024;

  /// Block sizes by their code in the frame's descriptor.
  private static final int[] BLOCK_BYTES = {0, 0, 0, 0, 64 << 10, 256 << 10, 1 << 20, 4 << 20};

  private final InputStream in;
  private boolean blockChecksums;
  private boolean contentChecksum;
  private boolean linked;
  private int blockBytes;
  private byte[] out = new byte[0];
  private int read;
  private int made;
  private boolean ended;

  public Lz4Stream(InputStream in) throws IOException {
    this.in = in;
    descriptor();
  }

  private void descriptor() throws IOException {
    if ((int) whole(4) != MAGIC) {
      throw new DamagedException("Not an LZ4 frame");
    }
    int flags = u8();
    if (flags >>> 6 != 1) {
      throw new DamagedException("An LZ4 frame of another version");
    }
    linked = (flags & 0x20) == 0;
    blockChecksums = (flags & 0x10) != 0;
    contentChecksum = (flags & 0x04) != 0;
    blockBytes = BLOCK_BYTES[u8() >>> 4 & 7];
    if (blockBytes == 0) {
      throw new DamagedException("An LZ4 frame of no block size");
    }
    int rest = ((flags & 0x08) != 0 ? 8 : 0) + ((flags & 0x01) != 0 ? 4 : 0) + 1;
    whole(rest - 1);
    u8();
    out = new byte[WINDOW + blockBytes];
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    while (read == made && !ended) {
      block();
    }
    if (read == made) {
      return -1;
    }
    int n = Math.min(length, made - read);
    System.arraycopy(out, read, into, offset, n);
    read += n;
    return n;
  }

  private void block() throws IOException {
    int header = (int) whole(4);
    if (header == 0) {
      ended = true;
      if (contentChecksum) {
        whole(4);
      }
      return;
    }
    int length = header & 0x7fffffff;
    if (length > blockBytes) {
      throw new DamagedException("An LZ4 block of " + length + " bytes");
    }
    byte[] packed = in.readNBytes(length);
    if (packed.length < length) {
      throw new EOFException("An LZ4 frame ends in a block");
    }
    int kept = linked ? Math.min(made, WINDOW) : 0;
    System.arraycopy(out, made - kept, out, 0, kept);
    read = kept;
    made = kept;
    if (header < 0) {
      System.arraycopy(packed, 0, out, made, length);
      made += length;
    } else {
      made = unpack(packed, kept, kept + blockBytes);
    }
    if (blockChecksums) {
      whole(4);
    }
  }

  /// Sequences of literals and of copies from what was made before.
  private int unpack(byte[] packed, int from, int most) throws IOException {
    int at = 0;
    int to = from;
    while (at < packed.length) {
      int token = packed[at++] & 0xff;
      int literals = token >>> 4;
      if (literals == 15) {
        int more;
        do {
          more = byteAt(packed, at++);
          literals = Math.addExact(literals, more);
        } while (more == 255);
      }
      if (literals > packed.length - at || literals > most - to) {
        throw new DamagedException("LZ4 literals that are too many");
      }
      System.arraycopy(packed, at, out, to, literals);
      at += literals;
      to += literals;
      if (at == packed.length) {
        return to;
      }
      int distance = byteAt(packed, at) | byteAt(packed, at + 1) << 8;
      at += 2;
      int length = (token & 15) + 4;
      if ((token & 15) == 15) {
        int more;
        do {
          more = byteAt(packed, at++);
          length = Math.addExact(length, more);
        } while (more == 255);
      }
      if (distance == 0 || distance > to || length > most - to) {
        throw new DamagedException("An LZ4 copy from outside");
      }
      for (int i = 0; i < length; i++) {
        out[to + i] = out[to + i - distance];
      }
      to += length;
    }
    return to;
  }

  private static int byteAt(byte[] packed, int at) throws IOException {
    if (at >= packed.length) {
      throw new DamagedException("An LZ4 block that ends in the middle");
    }
    return packed[at] & 0xff;
  }

  private long whole(int bytes) throws IOException {
    long value = 0;
    for (int i = 0; i < bytes; i++) {
      long next = u8();
      value |= i < 8 ? next << (8 * i) : 0;
    }
    return value;
  }

  private int u8() throws IOException {
    int value = in.read();
    if (value < 0) {
      throw new EOFException("An LZ4 frame ends in the middle");
    }
    return value;
  }
}
