package dev.salvor.common.format.codec;

import dev.salvor.common.format.DamagedException;
import java.io.IOException;

/// Snappy's block format (google/snappy, format_description.txt), as LevelDB-style tables use it.
public final class Snappy {
  private final byte[] in;
  private int at;

  private Snappy(byte[] in) {
    this.in = in;
  }

  /// Refuses a block that would unpack to more than the given count of bytes.
  public static byte[] unpack(byte[] packed, int most) throws IOException {
    return new Snappy(packed).unpack(most);
  }

  private byte[] unpack(int most) throws IOException {
    long length = 0;
    int shift = 0;
    int next;
    do {
      next = u8();
      length |= (long) (next & 0x7f) << shift;
      shift += 7;
    } while (next >= 0x80 && shift < 35);
    if (length > most) {
      throw new DamagedException("A Snappy block that unpacks to " + length + " bytes");
    }
    byte[] out = new byte[(int) length];
    int made = 0;
    while (at < in.length) {
      int tag = u8();
      made = (tag & 3) == 0 ? literal(tag >>> 2, out, made) : copy(tag, out, made);
    }
    if (made != out.length) {
      throw new DamagedException("A Snappy block that ends early");
    }
    return out;
  }

  private int literal(int code, byte[] out, int made) throws IOException {
    int length = code < 60 ? code + 1 : (int) Math.min(Integer.MAX_VALUE, whole(code - 59) + 1);
    if (length < 0 || length > in.length - at || length > out.length - made) {
      throw new DamagedException("A Snappy literal that is too long");
    }
    System.arraycopy(in, at, out, made, length);
    at += length;
    return made + length;
  }

  private int copy(int tag, byte[] out, int made) throws IOException {
    int length;
    long distance;
    if ((tag & 3) == 1) {
      length = (tag >>> 2 & 7) + 4;
      distance = (long) (tag >>> 5) << 8 | u8();
    } else {
      length = (tag >>> 2) + 1;
      distance = whole((tag & 3) == 2 ? 2 : 4);
    }
    if (distance < 1 || distance > made || length > out.length - made) {
      throw new DamagedException("A Snappy copy from outside");
    }
    int from = (int) (made - distance);
    for (int i = 0; i < length; i++) {
      out[made + i] = out[from + i];
    }
    return made + length;
  }

  private long whole(int bytes) throws IOException {
    long value = 0;
    for (int i = 0; i < bytes; i++) {
      value |= (long) u8() << (8 * i);
    }
    return value;
  }

  private int u8() throws IOException {
    if (at >= in.length) {
      throw new DamagedException("A Snappy block that ends in the middle");
    }
    return in[at++] & 0xff;
  }
}
