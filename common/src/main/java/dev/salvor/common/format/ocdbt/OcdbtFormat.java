package dev.salvor.common.format.ocdbt;

import dev.salvor.common.format.Content;
import dev.salvor.common.format.DamagedException;
import dev.salvor.common.format.Format;
import dev.salvor.common.format.Inspection;
import dev.salvor.common.format.Verdict;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.zip.CRC32C;

/// A file of OCDBT (google/tensorstore, kvstore/ocdbt/index.rst): a manifest, or nodes of its trees
/// back to back. Each has its length in front and a CRC-32C behind it.
public final class OcdbtFormat implements Format {
  private static final int MANIFEST = 0x0cdb3a2a;
  private static final int VERSION_NODE = 0x0cdb1234;
  private static final int TREE_NODE = 0x0cdb20de;
  private static final int HEADER_BYTES = 12;
  private static final int CRC_BYTES = 4;
  private static final int BUFFER_BYTES = 256 * 1024;

  @Override
  public String name() {
    return "ocdbt";
  }

  @Override
  public boolean isContentOf(Content content) {
    return content.startsWith("\f\u00db:*")
        || content.startsWith("\f\u00db\u0012" + "4")
        || content.startsWith("\f\u00db \u00de");
  }

  @Override
  public boolean isNameOf(Content content) {
    return content.named("manifest.ocdbt");
  }

  @Override
  public Inspection inspect(Content content) throws IOException {
    int magic = magic(content, 0);
    if (content.named("manifest.ocdbt") && magic != MANIFEST) {
      throw new DamagedException("Not an OCDBT manifest");
    }
    long end = piece(content, 0);
    if (magic == MANIFEST) {
      if (end != content.size()) {
        throw new DamagedException(content.size() - end + " bytes lie behind the manifest");
      }
      return Inspection.accepted(name());
    }
    while (end < content.size() && isNode(magic(content, end))) {
      end = piece(content, end);
    }
    return end == content.size()
        ? Inspection.accepted(name())
        : Inspection.of(
            Verdict.ACCEPT,
            name(),
            0,
            List.of("Behind its nodes lie values, of which OCDBT keeps no CRC"));
  }

  private static boolean isNode(int magic) {
    return magic == TREE_NODE || magic == VERSION_NODE;
  }

  private static int magic(Content content, long at) throws IOException {
    return content.size() - at < HEADER_BYTES
        ? 0
        : content.read(at, 4).order(ByteOrder.BIG_ENDIAN).getInt();
  }

  /// Checks the length and CRC of what begins here, and answers where it ends.
  private static long piece(Content content, long at) throws IOException {
    ByteBuffer header = content.read(at, HEADER_BYTES);
    long length = header.getLong(4);
    if (length < HEADER_BYTES + CRC_BYTES || length > content.size() - at) {
      throw new DamagedException(
          "An OCDBT piece of %s bytes, where %d are: it is truncated"
              .formatted(Long.toUnsignedString(length), content.size() - at));
    }
    CRC32C crc = new CRC32C();
    byte[] buffer = new byte[BUFFER_BYTES];
    InputStream in = content.raw(at, length - CRC_BYTES);
    for (int n = in.readNBytes(buffer, 0, buffer.length); n > 0; ) {
      crc.update(buffer, 0, n);
      n = in.readNBytes(buffer, 0, buffer.length);
    }
    int stored = content.read(at + length - CRC_BYTES, CRC_BYTES).getInt();
    if (stored != (int) crc.getValue()) {
      throw new DamagedException("The CRC of an OCDBT piece does not match");
    }
    return at + length;
  }
}
