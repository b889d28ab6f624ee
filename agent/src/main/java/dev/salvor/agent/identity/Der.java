package dev.salvor.agent.identity;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/// Just enough DER (X.690) to write a certificate request, and the certificates of a self-test.
final class Der {
  private static final int LONG_FORM = 0x80;

  private Der() {}

  static byte[] sequence(byte[]... parts) {
    return tagged(0x30, parts);
  }

  static byte[] set(byte[]... parts) {
    return tagged(0x31, parts);
  }

  static byte[] integer(int value) {
    if (value < 0 || value > 127) {
      throw new IllegalArgumentException("One byte is enough here: " + value);
    }
    return tagged(0x02, new byte[] {(byte) value});
  }

  static byte[] utf8(String text) {
    return tagged(0x0c, text.getBytes(StandardCharsets.UTF_8));
  }

  static byte[] bitString(byte[] bytes) {
    return tagged(0x03, new byte[] {0}, bytes);
  }

  /// Context-specific, constructed, number 0; empty.
  static byte[] emptyContextZero() {
    return tagged(0xa0);
  }

  /// An object identifier by its dotted numbers.
  static byte[] oid(int first, int second, int... rest) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.write(first * 40 + second);
    for (int number : rest) {
      base128(body, number);
    }
    return tagged(0x06, body.toByteArray());
  }

  static byte[] tagged(int tag, byte[]... parts) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      body.writeBytes(part);
    }
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    whole.write(tag);
    length(whole, body.size());
    whole.writeBytes(body.toByteArray());
    return whole.toByteArray();
  }

  private static void length(ByteArrayOutputStream out, int length) {
    if (length < LONG_FORM) {
      out.write(length);
    } else if (length < 0x100) {
      out.write(LONG_FORM | 1);
      out.write(length);
    } else if (length < 0x10000) {
      out.write(LONG_FORM | 2);
      out.write(length >>> 8);
      out.write(length);
    } else {
      throw new IllegalArgumentException("Too long for a request: " + length);
    }
  }

  private static void base128(ByteArrayOutputStream out, int number) {
    int groups = Math.max(1, (32 - Integer.numberOfLeadingZeros(number) + 6) / 7);
    for (int i = groups - 1; i >= 0; i--) {
      int seven = (number >>> (7 * i)) & 0x7f;
      out.write(i > 0 ? seven | 0x80 : seven);
    }
  }
}
