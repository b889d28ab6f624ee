package dev.salvor.common.format;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// An open file with its name, its size when opened, and random access that never allocates what a
/// hostile length field asks for.
final class Content {
  static final int HEAD_BYTES = 256;
  private static final int BUFFER_BYTES = 64 * 1024;
  private static final String[] TORCH_NAMES = {".pt", ".pth", ".bin", ".ckpt"};

  private final FileChannel channel;
  private final String fileName;
  private final long size;
  private final byte[] head;

  Content(FileChannel channel, String fileName) throws IOException {
    this.channel = channel;
    this.fileName = fileName.toLowerCase(Locale.ROOT);
    this.size = channel.size();
    this.head = bytes(0, (int) Math.min(HEAD_BYTES, size));
  }

  long size() {
    return size;
  }

  /// In lower case.
  String fileName() {
    return fileName;
  }

  /// Whether the name is one that torch.save is given.
  boolean torchNamed() {
    for (String end : TORCH_NAMES) {
      if (fileName.endsWith(end)) {
        return true;
      }
    }
    return false;
  }

  boolean startsWith(String latin1) {
    byte[] prefix = latin1.getBytes(StandardCharsets.ISO_8859_1);
    return head.length >= prefix.length
        && ByteBuffer.wrap(head, 0, prefix.length).equals(ByteBuffer.wrap(prefix));
  }

  /// Whether the bytes lie anywhere in the first 64.
  boolean opensWith(String latin1) {
    int length = Math.min(head.length, 64);
    return new String(head, 0, length, StandardCharsets.ISO_8859_1).contains(latin1);
  }

  /// The byte at the place, 0 to 255, or -1 behind the end or past the first 256.
  int headByte(int at) {
    return at < head.length ? head[at] & 0xff : -1;
  }

  /// Exactly these bytes, little endian; EOFException where the file does not have them.
  ByteBuffer read(long offset, int length) throws IOException {
    return ByteBuffer.wrap(bytes(offset, length)).order(ByteOrder.LITTLE_ENDIAN);
  }

  byte[] bytes(long offset, int length) throws IOException {
    if (offset < 0 || offset > size || length > size - offset) {
      throw new EOFException("%d bytes at %d lie behind the end".formatted(length, offset));
    }
    ByteBuffer buffer = ByteBuffer.allocate(length);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, offset + buffer.position()) < 0) {
        throw new EOFException("The file became shorter while it was read");
      }
    }
    return buffer.array();
  }

  /// A buffered stream over a stretch of the file, ending where the stretch or the file ends.
  InputStream stream(long offset, long length) {
    return new BufferedInputStream(new Stretch(offset, length), BUFFER_BYTES);
  }

  private final class Stretch extends InputStream {
    private long at;
    private final long end;

    Stretch(long offset, long length) {
      this.at = offset;
      this.end = Math.min(size, offset + Math.min(length, size));
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
      if (at >= end) {
        return -1;
      }
      int wanted = (int) Math.min(length, end - at);
      int got = channel.read(ByteBuffer.wrap(into, offset, wanted), at);
      if (got > 0) {
        at += got;
      }
      return got;
    }
  }
}
