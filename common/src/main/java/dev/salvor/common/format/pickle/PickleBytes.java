package dev.salvor.common.format.pickle;

import dev.salvor.common.format.DamagedException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/// The arguments of pickle opcodes, read from a stream; a long string is passed over, not kept.
public final class PickleBytes {
  /// Names of modules, classes, tensors and storages are far shorter.
  static final int KEPT_BYTES = 4096;

  private final InputStream in;
  private long position;

  public PickleBytes(InputStream in) {
    this.in = in;
  }

  public long position() {
    return position;
  }

  /// The next byte, or -1 at the end.
  int next() throws IOException {
    int value = in.read();
    position += value < 0 ? 0 : 1;
    return value;
  }

  public int one() throws IOException {
    int value = next();
    if (value < 0) {
      throw new EOFException("A pickle ends in the middle");
    }
    return value;
  }

  /// Little endian, of 1 to 8 bytes.
  public long whole(int bytes) throws IOException {
    long value = 0;
    for (int i = 0; i < bytes; i++) {
      value |= (long) one() << (8 * i);
    }
    return value;
  }

  /// Four bytes with a sign.
  int signed() throws IOException {
    return (int) whole(4);
  }

  public void skip(long bytes) throws IOException {
    if (bytes < 0) {
      throw new DamagedException("A pickle asks for a negative length");
    }
    long left = bytes;
    while (left > 0) {
      long skipped = in.skip(left);
      if (skipped <= 0) {
        one();
        skipped = 1;
        position--;
      }
      position += skipped;
      left -= skipped;
    }
  }

  /// At most so many bytes, fewer only where the pickle ends.
  byte[] some(int bytes) throws IOException {
    byte[] some = in.readNBytes(bytes);
    position += some.length;
    return some;
  }

  /// A string of that many bytes.
  byte[] exactly(int bytes) throws IOException {
    byte[] text = some(bytes);
    if (text.length < bytes) {
      throw new EOFException("A pickle ends in the middle of a string");
    }
    return text;
  }

  /// The next bytes as a stream of their own; what of it is not read has to be skipped.
  InputStream window(long bytes) {
    return new InputStream() {
      private long left = bytes;

      @Override
      public int read() throws IOException {
        if (left <= 0) {
          return -1;
        }
        int value = next();
        left -= value < 0 ? 0 : 1;
        return value;
      }

      @Override
      public int read(byte[] into, int offset, int length) throws IOException {
        if (left <= 0 || length == 0) {
          return length == 0 ? 0 : -1;
        }
        int got = in.read(into, offset, (int) Math.min(length, left));
        left -= Math.max(0, got);
        position += Math.max(0, got);
        return got;
      }
    };
  }

  /// Up to the next line feed, which is consumed; cut off behind what is kept.
  String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = one(); c != '\n'; c = one()) {
      if (line.length() < KEPT_BYTES) {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  /// A name of a text opcode, in UTF-8.
  String nameLine() throws IOException {
    return new String(line().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }

  /// A number of a text opcode.
  long numberLine() throws IOException {
    String line = line().strip();
    try {
      return Long.parseLong(line);
    } catch (NumberFormatException e) {
      throw new DamagedException("Not a number in a pickle: " + line);
    }
  }
}
