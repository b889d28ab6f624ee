package dev.salvor.common.format;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/// The arguments of pickle opcodes, read from a stream; a long string is passed over, not kept.
final class PickleBytes {
  /// Names of modules, classes, tensors and storages are far shorter.
  static final int KEPT_BYTES = 4096;

  private final InputStream in;
  private long position;

  PickleBytes(InputStream in) {
    this.in = in;
  }

  long position() {
    return position;
  }

  /// The next byte, or -1 at the end.
  int next() throws IOException {
    int value = in.read();
    position += value < 0 ? 0 : 1;
    return value;
  }

  int one() throws IOException {
    int value = next();
    if (value < 0) {
      throw new EOFException("A pickle ends in the middle");
    }
    return value;
  }

  /// Little endian, of 2, 4 or 8 bytes.
  long whole(int bytes) throws IOException {
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

  void skip(long bytes) throws IOException {
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

  /// A string of that many bytes, as text where it is short, opaque where it is long.
  PickleValue text(long bytes) throws IOException {
    if (bytes < 0 || bytes > KEPT_BYTES) {
      skip(bytes);
      return PickleValue.OPAQUE;
    }
    byte[] text = in.readNBytes((int) bytes);
    position += text.length;
    if (text.length < bytes) {
      throw new EOFException("A pickle ends in the middle of a string");
    }
    return new PickleValue.Text(new String(text, StandardCharsets.UTF_8));
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
