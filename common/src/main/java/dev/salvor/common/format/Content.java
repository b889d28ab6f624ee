package dev.salvor.common.format;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/// Bytes to be judged, with the name they go by: an open file, a stretch of one, or an array.
/// Random access that never allocates what a hostile length field asks for.
public final class Content {
  private static final int HEAD_BYTES = 4096;
  private static final int BUFFER_BYTES = 64 * 1024;
  private static final String[] TORCH_NAMES = {".pt", ".pth", ".bin", ".ckpt"};

  /// A place to read at; the count of bytes read, or -1 at the end.
  private interface Source {
    int read(ByteBuffer into, long at) throws IOException;
  }

  private final Source source;
  private final long base;
  private final long size;
  private final String fileName;
  private final Optional<Path> file;
  private final byte[] head;

  private Content(Source source, long base, long size, String fileName, Optional<Path> file)
      throws IOException {
    this.source = source;
    this.base = base;
    this.size = size;
    this.fileName = fileName.toLowerCase(Locale.ROOT);
    this.file = file;
    this.head = bytes(0, (int) Math.min(HEAD_BYTES, size));
  }

  /// An open file; its size is taken now.
  public static Content of(FileChannel channel, Path file) throws IOException {
    return new Content(
        channel::read, 0, channel.size(), String.valueOf(file.getFileName()), Optional.of(file));
  }

  /// Bytes in memory under a name, with no files beside them.
  public static Content of(byte[] bytes, String fileName) throws IOException {
    Source source =
        (into, at) -> {
          if (at >= bytes.length) {
            return -1;
          }
          int length = (int) Math.min(into.remaining(), bytes.length - at);
          into.put(bytes, (int) at, length);
          return length;
        };
    return new Content(source, 0, bytes.length, fileName, Optional.empty());
  }

  /// A part of this content as a content of its own; EOFException where it reaches past the end.
  public Content slice(long offset, long length, String name) throws IOException {
    if (offset < 0 || length < 0 || offset > size - length) {
      throw new EOFException("%d bytes at %d lie behind the end".formatted(length, offset));
    }
    return new Content(source, base + offset, length, name, Optional.empty());
  }

  public long size() {
    return size;
  }

  /// In lower case.
  public String fileName() {
    return fileName;
  }

  /// A file in the same directory; empty where there is no directory to look into.
  public Optional<Path> sibling(String name) {
    return file.map(path -> path.resolveSibling(name));
  }

  /// The file's own name as the disk has it, or the name given.
  public String exactName() {
    return file.map(path -> String.valueOf(path.getFileName())).orElse(fileName);
  }

  /// Whether the name is one that torch.save is given.
  public boolean torchNamed() {
    return named(TORCH_NAMES);
  }

  public boolean named(String... ends) {
    for (String end : ends) {
      if (fileName.endsWith(end)) {
        return true;
      }
    }
    return false;
  }

  public boolean startsWith(String latin1) {
    return has(0, latin1);
  }

  /// Whether the bytes lie at this place within the first 4096.
  public boolean has(int at, String latin1) {
    byte[] wanted = latin1.getBytes(StandardCharsets.ISO_8859_1);
    return head.length - at >= wanted.length
        && ByteBuffer.wrap(head, at, wanted.length).equals(ByteBuffer.wrap(wanted));
  }

  /// Whether the bytes lie anywhere in the first 64.
  public boolean opensWith(String latin1) {
    return headText(64).contains(latin1);
  }

  /// The first bytes, each as one character.
  public String headText(int most) {
    return new String(head, 0, Math.min(head.length, most), StandardCharsets.ISO_8859_1);
  }

  /// The byte at the place, 0 to 255, or -1 behind the end or past the first 4096.
  public int headByte(int at) {
    return at < head.length ? head[at] & 0xff : -1;
  }

  /// Exactly these bytes, little endian; EOFException where the file does not have them.
  public ByteBuffer read(long offset, int length) throws IOException {
    return ByteBuffer.wrap(bytes(offset, length)).order(ByteOrder.LITTLE_ENDIAN);
  }

  public byte[] bytes(long offset, int length) throws IOException {
    if (offset < 0 || length < 0 || offset > size - length) {
      throw new EOFException("%d bytes at %d lie behind the end".formatted(length, offset));
    }
    ByteBuffer buffer = ByteBuffer.allocate(length);
    while (buffer.hasRemaining()) {
      if (source.read(buffer, base + offset + buffer.position()) < 0) {
        throw new EOFException("The file became shorter while it was read");
      }
    }
    return buffer.array();
  }

  /// A buffered stream over a stretch of the file, ending where the stretch or the file ends.
  public InputStream stream(long offset, long length) {
    return new BufferedInputStream(raw(offset, length), BUFFER_BYTES);
  }

  /// The same without a buffer, for those who read in large pieces.
  public InputStream raw(long offset, long length) {
    return new Stretch(offset, length);
  }

  private final class Stretch extends InputStream {
    private long at;
    private final long end;

    Stretch(long offset, long length) {
      this.at = Math.max(0, offset);
      this.end = length >= size - this.at ? size : this.at + Math.max(0, length);
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
      int got = source.read(ByteBuffer.wrap(into, offset, wanted), base + at);
      if (got > 0) {
        at += got;
      }
      return got;
    }

    @Override
    public long skip(long bytes) {
      long skipped = Math.max(0, Math.min(bytes, end - at));
      at += skipped;
      return skipped;
    }
  }
}
