package dev.salvor.common.format;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/// Reads a stretch of a content from front to back; whatever lies behind its end is damage.
public final class Cursor {
  private final InputStream in;
  private final long end;
  private final boolean bigEndian;
  private long position;

  private Cursor(Content content, long from, long to, boolean bigEndian) {
    this.in = content.stream(from, to - from);
    this.position = from;
    this.end = Math.min(to, content.size());
    this.bigEndian = bigEndian;
  }

  public static Cursor littleEndian(Content content, long from, long to) {
    return new Cursor(content, from, to, false);
  }

  public static Cursor bigEndian(Content content, long from, long to) {
    return new Cursor(content, from, to, true);
  }

  /// In the content as a whole.
  public long position() {
    return position;
  }

  public long left() {
    return end - position;
  }

  public int u8() throws IOException {
    int value = in.read();
    if (value < 0) {
      throw new EOFException("The file ends at " + position + ", in the middle");
    }
    position++;
    return value;
  }

  public long u32() throws IOException {
    return whole(4);
  }

  /// As a signed long: who takes it for a length must ask whether it is negative.
  public long u64() throws IOException {
    return whole(8);
  }

  public long whole(int bytes) throws IOException {
    long value = 0;
    for (int i = 0; i < bytes; i++) {
      long next = u8();
      value = bigEndian ? value << 8 | next : value | next << (8 * i);
    }
    return value;
  }

  /// A number of seven bits a byte, lowest first.
  public long varint() throws IOException {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      int next = u8();
      value |= (long) (next & 0x7f) << shift;
      if (next < 0x80) {
        return value;
      }
    }
    throw new DamagedException("A number of over 64 bits at " + position);
  }

  /// A length that the rest of the stretch must hold.
  public long within(long length) throws IOException {
    if (length < 0 || length > left()) {
      throw new EOFException(
          "%s bytes at %d, where %d are left"
              .formatted(Long.toUnsignedString(length), position, left()));
    }
    return length;
  }

  public void skip(long bytes) throws IOException {
    long wanted = within(bytes);
    while (wanted > 0) {
      long skipped = in.skip(wanted);
      if (skipped <= 0) {
        u8();
        position--;
        skipped = 1;
      }
      position += skipped;
      wanted -= skipped;
    }
  }

  /// UTF-8 of that many bytes, of which only the first are kept.
  public String text(long bytes, int kept) throws IOException {
    long length = within(bytes);
    byte[] text = bytes((int) Math.min(length, kept));
    skip(length - text.length);
    return new String(text, StandardCharsets.UTF_8);
  }

  public byte[] bytes(int length) throws IOException {
    within(length);
    byte[] bytes = in.readNBytes(length);
    position += bytes.length;
    if (bytes.length < length) {
      throw new EOFException("The file became shorter while it was read");
    }
    return bytes;
  }
}
