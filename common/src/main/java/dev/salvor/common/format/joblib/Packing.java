package dev.salvor.common.format.joblib;

import dev.salvor.common.format.Content;
import dev.salvor.common.format.DamagedException;
import dev.salvor.common.format.codec.Bzip2Stream;
import dev.salvor.common.format.codec.Lz4Stream;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;
import org.tukaani.xz.LZMAInputStream;
import org.tukaani.xz.XZInputStream;

/// How a whole file is compressed, told by its first bytes; joblib chooses by name and forgets it.
enum Packing {
  PLAIN(""),
  ZLIB("x"),
  GZIP("\u001f\u008b"),
  BZIP2("BZh"),
  XZ("\u00fd7zXZ\u0000"),
  LZMA("]\u0000\u0000"),
  LZ4("\u0004\"M\u0018"),
  /// joblib's own until 0.9: "ZF", the length in hex over 19 places, zlib.
  ZFILE("ZF0x");

  private static final int ZFILE_HEADER = 21;

  /// Enough for xz's largest preset.
  private static final int MEMORY_KIB = 70 * 1024;

  private final String magic;

  Packing(String magic) {
    this.magic = magic;
  }

  static Packing of(Content content) {
    return List.of(GZIP, BZIP2, XZ, LZMA, LZ4, ZFILE, ZLIB).stream()
        .filter(packing -> content.startsWith(packing.magic))
        .filter(packing -> packing != ZLIB || isZlib(content))
        .findFirst()
        .orElse(PLAIN);
  }

  /// A zlib header is a multiple of 31.
  private static boolean isZlib(Content content) {
    return (content.headByte(0) * 256 + content.headByte(1)) % 31 == 0;
  }

  /// The unpacked bytes; DamagedException where they unpack to far more than their file.
  InputStream open(Content content, long most) throws IOException {
    return new Limited(new BufferedInputStream(unpacked(content)), most);
  }

  private InputStream unpacked(Content content) throws IOException {
    InputStream in = content.stream(0, content.size());
    return switch (this) {
      case PLAIN -> in;
      case ZLIB -> new InflaterInputStream(in);
      case GZIP -> new GZIPInputStream(in);
      case BZIP2 -> new Bzip2Stream(in);
      case XZ -> new XZInputStream(in, MEMORY_KIB);
      case LZMA -> new LZMAInputStream(in, MEMORY_KIB);
      case LZ4 -> new Lz4Stream(in);
      case ZFILE -> new InflaterInputStream(content.stream(ZFILE_HEADER, content.size()));
    };
  }

  /// The first unpacked bytes; empty where even those cannot be had.
  Optional<byte[]> head(Content content, int bytes) {
    try (InputStream in = open(content, bytes)) {
      return Optional.of(Arrays.copyOf(in.readNBytes(bytes), bytes));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /// Ends a decompression bomb.
  private static final class Limited extends InputStream {
    private final InputStream in;
    private long left;

    Limited(InputStream in, long most) {
      this.in = in;
      this.left = most;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      int n = in.read(into, offset, length);
      left -= Math.max(0, n);
      if (left < 0) {
        throw new DamagedException("Unpacks to far more than its size");
      }
      return n;
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
