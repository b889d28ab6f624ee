package dev.salvor.common.format.tensorflow;

import dev.salvor.common.format.Content;
import dev.salvor.common.format.Cursor;
import dev.salvor.common.format.DamagedException;
import dev.salvor.common.format.FloatScan;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32C;

/// The shards beside a bundle's index: each tensor's bytes are read and their CRC compared.
final class BundleShards implements Closeable {
  private static final int DT_FLOAT = 1;
  private static final int DT_DOUBLE = 2;
  private static final int DT_STRING = 7;
  private static final int DT_BFLOAT16 = 14;
  private static final int DT_HALF = 19;
  private static final int DT_VARIANT = 21;
  private static final int BUFFER_BYTES = 256 * 1024;

  /// Open files at a time; bundles have a shard a device or less.
  private static final int MAX_OPEN = 256;

  private static final Map<Integer, FloatScan.Kind> FLOATS =
      Map.of(
          DT_FLOAT, FloatScan.Kind.F32,
          DT_DOUBLE, FloatScan.Kind.F64,
          DT_BFLOAT16, FloatScan.Kind.BF16,
          DT_HALF, FloatScan.Kind.F16);

  private final Content index;
  private final String prefix;
  private final BundleEntry.Header header;
  private final Map<Integer, Content> contents = new HashMap<>();
  private final Map<Integer, FileChannel> open = new HashMap<>();
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private long notFinite;
  private long unchecked;

  BundleShards(Content index, BundleEntry.Header header) {
    this.index = index;
    String name = index.exactName();
    this.prefix = name.endsWith(".index") ? name.substring(0, name.length() - 6) : name;
    this.header = header;
  }

  long notFinite() {
    return notFinite;
  }

  long unchecked() {
    return unchecked;
  }

  /// The first shard that is not there.
  Optional<String> missing() {
    for (int i = 0; i < header.shards(); i++) {
      Optional<Path> file = index.sibling(name(i));
      if (file.isPresent() && !Files.isRegularFile(file.get())) {
        return Optional.of(name(i));
      }
    }
    return Optional.empty();
  }

  private String name(int shard) {
    return "%s.data-%05d-of-%05d".formatted(prefix, shard, header.shards());
  }

  void check(String tensor, BundleEntry entry) throws IOException {
    if (entry.shard() >= header.shards()) {
      throw new DamagedException(
          "Tensor %s is in shard %d of %d".formatted(tensor, entry.shard(), header.shards()));
    }
    Optional<Path> file = index.sibling(name(entry.shard()));
    if (entry.sliced() || file.isEmpty()) {
      return;
    }
    Content content = content(entry.shard(), file.get());
    if (entry.offset() > content.size() - entry.size()) {
      throw new DamagedException(
          "%s ends before tensor %s does".formatted(name(entry.shard()), tensor));
    }
    if (entry.type() == DT_VARIANT) {
      unchecked++;
      return;
    }
    int crc = entry.type() == DT_STRING ? strings(content, entry) : numbers(content, entry);
    if (crc != entry.crc()) {
      throw new DamagedException("The CRC of tensor " + tensor + " does not match");
    }
  }

  private Content content(int shard, Path file) throws IOException {
    Content known = contents.get(shard);
    if (known != null) {
      return known;
    }
    if (open.size() >= MAX_OPEN) {
      close();
    }
    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
    open.put(shard, channel);
    Content content = Content.of(channel, file);
    contents.put(shard, content);
    return content;
  }

  private int numbers(Content content, BundleEntry entry) throws IOException {
    Optional<FloatScan.Kind> kind = Optional.ofNullable(FLOATS.get(entry.type()));
    CRC32C crc = new CRC32C();
    boolean finite = true;
    InputStream in = content.raw(entry.offset(), entry.size());
    for (int n = in.readNBytes(buffer, 0, buffer.length); n > 0; ) {
      crc.update(buffer, 0, n);
      finite =
          finite
              && (kind.isEmpty() || FloatScan.finite(kind.get(), header.bigEndian(), buffer, 0, n));
      n = in.readNBytes(buffer, 0, buffer.length);
    }
    notFinite += finite ? 0 : 1;
    return MaskedCrc.mask(crc.getValue());
  }

  /// Lengths as varints, a CRC over them as whole numbers, then the strings: the entry's CRC goes
  /// over the numbers, that CRC and the strings (WriteStringTensor in tensor_bundle.cc).
  private int strings(Content content, BundleEntry entry) throws IOException {
    long end = entry.offset() + entry.size();
    Cursor in = Cursor.littleEndian(content, entry.offset(), end);
    CRC32C crc = new CRC32C();
    ByteBuffer number = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    long total = 0;
    for (long i = 0; i < entry.items(); i++) {
      long length = in.within(in.varint());
      boolean wide = length > 0xffffffffL;
      number.clear().putLong(length);
      crc.update(number.array(), 0, wide ? 8 : 4);
      total = Math.addExact(total, length);
    }
    byte[] own = in.bytes(4);
    if (ByteBuffer.wrap(own).order(ByteOrder.LITTLE_ENDIAN).getInt()
        != MaskedCrc.mask(crc.getValue())) {
      throw new DamagedException("The CRC of string lengths does not match");
    }
    crc.update(own);
    if (total != in.left()) {
      throw new DamagedException("Strings of %d bytes in %d".formatted(total, in.left()));
    }
    InputStream rest = content.raw(in.position(), in.left());
    for (int n = rest.readNBytes(buffer, 0, buffer.length); n > 0; ) {
      crc.update(buffer, 0, n);
      n = rest.readNBytes(buffer, 0, buffer.length);
    }
    return MaskedCrc.mask(crc.getValue());
  }

  @Override
  public void close() throws IOException {
    for (FileChannel channel : open.values()) {
      channel.close();
    }
    open.clear();
    contents.clear();
  }
}
