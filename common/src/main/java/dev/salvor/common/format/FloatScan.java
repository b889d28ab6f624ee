package dev.salvor.common.format;

import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Looks for numbers that are not finite in a run of floating-point elements: a tensor of them
/// opens, and trains on to nothing.
public final class FloatScan {
  /// How elements are coded; each knows which bits all being one means "not finite".
  public enum Kind {
    F16(2, 0x7c00),
    BF16(2, 0x7f80),
    F32(4, 0x7f800000L),
    F64(8, 0x7ff0000000000000L);

    private final int bytes;
    private final long exponent;

    Kind(int bytes, long exponent) {
      this.bytes = bytes;
      this.exponent = exponent;
    }

    public int bytes() {
      return bytes;
    }
  }

  private static final int BUFFER_BYTES = 256 * 1024;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle SHORTS =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);

  private FloatScan() {}

  /// The same of a whole stream, which is read to its end or to the first that is not finite.
  public static boolean finite(Kind kind, boolean bigEndian, InputStream in) throws IOException {
    byte[] buffer = new byte[BUFFER_BYTES];
    for (int n = in.readNBytes(buffer, 0, buffer.length); n > 0; ) {
      if (!finite(kind, bigEndian, buffer, 0, n)) {
        return false;
      }
      n = in.readNBytes(buffer, 0, buffer.length);
    }
    return true;
  }

  /// Whether every whole element of a run that begins on an element is finite.
  public static boolean finite(Kind kind, boolean bigEndian, byte[] bytes, int from, int to) {
    int last = to - kind.bytes();
    if (bigEndian) {
      return finiteBigEndian(kind, bytes, from, last);
    }
    return switch (kind) {
      case F32 -> finite32(bytes, from, last);
      case F64 -> finite64(bytes, from, last);
      case F16, BF16 -> finite16((int) kind.exponent, bytes, from, last);
    };
  }

  /// An exponent of all ones carries into the sign's place when one is added to its lowest bit.
  private static boolean finite32(byte[] bytes, int from, int last) {
    int carried = 0;
    for (int i = from; i <= last; i += 4) {
      carried |= ((int) INTS.get(bytes, i) & 0x7f800000) + 0x00800000;
    }
    return carried >= 0;
  }

  private static boolean finite64(byte[] bytes, int from, int last) {
    long carried = 0;
    for (int i = from; i <= last; i += 8) {
      carried |= ((long) LONGS.get(bytes, i) & 0x7ff0000000000000L) + 0x0010000000000000L;
    }
    return carried >= 0;
  }

  private static boolean finite16(int exponent, byte[] bytes, int from, int last) {
    int lowest = exponent & -exponent;
    int carried = 0;
    for (int i = from; i <= last; i += 2) {
      carried |= ((short) SHORTS.get(bytes, i) & exponent) + lowest;
    }
    return (carried & 0x8000) == 0;
  }

  private static boolean finiteBigEndian(Kind kind, byte[] bytes, int from, int last) {
    for (int i = from; i <= last; i += kind.bytes()) {
      long value = 0;
      for (int k = 0; k < kind.bytes(); k++) {
        value = value << 8 | (bytes[i + k] & 0xff);
      }
      if ((value & kind.exponent) == kind.exponent) {
        return false;
      }
    }
    return true;
  }
}
