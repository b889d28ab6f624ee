package dev.salvor.common.format.weights;

import dev.salvor.common.format.ByteSearch;
import dev.salvor.common.format.Content;
import dev.salvor.common.format.DamagedException;
import dev.salvor.common.format.Format;
import dev.salvor.common.format.Inspection;
import dev.salvor.common.format.Verdict;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/// HDF5, in which Keras saves: the superblock must be whole, and the file as long as it says.
/// Groups and data below are not followed.
public final class Hdf5Format implements Format {
  static final List<String> LAMBDA =
      List.of("\"class_name\": \"Lambda\"", "\"class_name\":\"Lambda\"");

  private static final String SIGNATURE = "\u0089HDF\r\n\u001a\n";
  private static final int FIRST_PLACE = 512;

  /// A user block in front of the file is at most so long in practice.
  private static final long LAST_PLACE = 1L << 20;

  private static final int SUPERBLOCK_BYTES = 96;

  /// Set while a writer has the file open (H5F_SUPER_WRITE_ACCESS, H5F_SUPER_SWMR_WRITE_ACCESS).
  private static final int OPEN_FLAGS = 0x01 | 0x04;

  private record Superblock(long end, long root, boolean open) {}

  @Override
  public String name() {
    return "hdf5";
  }

  @Override
  public boolean isContentOf(Content content) throws IOException {
    return signature(content) >= 0;
  }

  @Override
  public boolean isNameOf(Content content) {
    return content.named(".h5", ".hdf5", ".hdf");
  }

  private static long signature(Content content) throws IOException {
    if (content.startsWith(SIGNATURE)) {
      return 0;
    }
    for (long at = FIRST_PLACE; at <= LAST_PLACE && at + 8 <= content.size(); at *= 2) {
      if (content.slice(at, 8, "signature").startsWith(SIGNATURE)) {
        return at;
      }
    }
    return -1;
  }

  @Override
  public Inspection inspect(Content content) throws IOException {
    Inspection found = structure(content);
    return found.verdict().accepted() && ByteSearch.holds(content, LAMBDA)
        ? found.and(Verdict.ACCEPT_FLAG_CODE, "Carries a Keras Lambda layer, which is code")
        : found;
  }

  /// Without looking for code.
  Inspection structure(Content content) throws IOException {
    long at = signature(content);
    if (at < 0) {
      throw new DamagedException("No HDF5 signature");
    }
    Superblock block = superblock(content, at);
    // The library counts from the superblock in some versions and from the file in others.
    if (block.end() < SUPERBLOCK_BYTES / 2 || block.end() > content.size()) {
      throw new DamagedException(
          "The file has %d bytes, its superblock says %s: it is truncated"
              .formatted(content.size(), Long.toUnsignedString(block.end())));
    }
    if (block.root() < 0 || block.root() > content.size() - at - 8) {
      throw new DamagedException("The root group lies outside the file");
    }
    if (block.open()) {
      return Inspection.of(
          Verdict.STRUCTURE_OK_BUT_INCOMPLETE,
          name(),
          "Its writer had not closed it: the superblock's consistency flags are set");
    }
    return Inspection.accepted(name());
  }

  private static Superblock superblock(Content content, long at) throws IOException {
    int length = (int) Math.min(SUPERBLOCK_BYTES, content.size() - at);
    ByteBuffer block = content.read(at, length);
    int version = length > 8 ? block.get(8) : -1;
    if (version < 0 || version > 3) {
      throw new DamagedException("HDF5 superblock of version " + version);
    }
    int sizeAt = version < 2 ? 13 : 9;
    int size = length > sizeAt ? block.get(sizeAt) : 0;
    if (size != 4 && size != 8) {
      throw new DamagedException("HDF5 with addresses of " + size + " bytes");
    }
    int addresses = version < 2 ? (version == 0 ? 24 : 28) : 12;
    int needed = addresses + 6 * size;
    if (length < needed && !(version >= 2 && length >= addresses + 4 * size + 4)) {
      throw new DamagedException("The HDF5 superblock is cut off");
    }
    long end = address(block, addresses + 2 * size, size);
    if (version < 2) {
      return new Superblock(end, address(block, addresses + 5 * size, size), false);
    }
    int checked = addresses + 4 * size;
    if (Lookup3.hash(content.bytes(at, checked), checked) != block.getInt(checked)) {
      throw new DamagedException("The HDF5 superblock's checksum does not match");
    }
    boolean open = version == 3 && (block.get(11) & OPEN_FLAGS) != 0;
    return new Superblock(end, address(block, addresses + 3 * size, size), open);
  }

  private static long address(ByteBuffer block, int at, int size) {
    return size == 4 ? block.getInt(at) & 0xffffffffL : block.getLong(at);
  }
}
