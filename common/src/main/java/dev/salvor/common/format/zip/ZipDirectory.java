package dev.salvor.common.format.zip;

import dev.salvor.common.format.Content;
import dev.salvor.common.format.DamagedException;
import dev.salvor.common.unit.SafePath;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

/// A zip's central directory, read by ourselves: the JDK's readers compare no CRCs, cannot stream
/// torch's entries and hide what scanners are tricked with.
public final class ZipDirectory {
  private static final int END = 0x06054b50;
  private static final int END_BYTES = 22;
  private static final int MAX_COMMENT = 0xffff;
  private static final int LOCATOR = 0x07064b50;
  private static final int LOCATOR_BYTES = 20;
  private static final int END64 = 0x06064b50;
  private static final int END64_BYTES = 56;
  private static final int CENTRAL = 0x02014b50;
  private static final int CENTRAL_BYTES = 46;
  private static final int LOCAL = 0x04034b50;
  private static final int LOCAL_BYTES = 30;
  private static final int DEFLATED = 8;
  private static final int INFLATE_BYTES = 16 * 1024;

  /// One entry a storage; the largest checkpoints have some hundred thousand.
  private static final long MAX_ENTRIES = 250_000;

  /// Names, extra fields and all; an entry of torch's takes under 200 bytes.
  private static final long MAX_DIRECTORY_BYTES = 64L << 20;

  /// A zip may unpack to so many times its size; torch stores, TorchScript deflates its code.
  private static final long MAX_EXPANSION = 200;

  private static final long FREE_EXPANSION = 1L << 30;

  /// Data descriptor, UTF-8 name and the deflate level: nothing else is harmless.
  private static final int KNOWN_FLAGS = 0x0008 | 0x0800 | 0x0006;

  /// One entry as the central directory has it, and where its bytes begin by its local header.
  public record Entry(
      String name, int flags, int method, long crc, long packed, long size, long local) {
    public boolean isDirectory() {
      return name.endsWith("/");
    }
  }

  private record Tail(long offset, long size, long entries) {}

  private final Content content;
  private final List<Entry> entries = new ArrayList<>();
  private long directoryStart;

  public ZipDirectory(Content content) {
    this.content = content;
  }

  public List<Entry> entries() {
    return entries;
  }

  /// Reads the central directory and nothing else.
  public void read() throws IOException {
    Tail tail = tail();
    directoryStart = tail.offset();
    if (tail.entries() < 0 || tail.entries() > MAX_ENTRIES || tail.size() > MAX_DIRECTORY_BYTES) {
      throw new DamagedException("A zip of more entries than any checkpoint's");
    }
    long at = tail.offset();
    long end = Math.addExact(tail.offset(), tail.size());
    for (long i = 0; i < tail.entries(); i++) {
      ByteBuffer head = content.read(at, CENTRAL_BYTES);
      if (head.getInt(0) != CENTRAL) {
        throw new DamagedException("The zip's central directory is damaged");
      }
      int nameBytes = head.getShort(28) & 0xffff;
      int extraBytes = head.getShort(30) & 0xffff;
      int commentBytes = head.getShort(32) & 0xffff;
      ByteBuffer rest = content.read(at + CENTRAL_BYTES, nameBytes + extraBytes);
      entries.add(entry(head, rest, nameBytes));
      at += CENTRAL_BYTES + nameBytes + extraBytes + commentBytes;
    }
    if (at != end) {
      throw new DamagedException("The zip's central directory is not as long as it says");
    }
    bounded();
  }

  private void bounded() throws IOException {
    long budget = Math.max(FREE_EXPANSION, Math.multiplyExact(content.size(), MAX_EXPANSION));
    for (Entry entry : entries) {
      budget -= entry.size() < 0 ? Long.MAX_VALUE : Math.min(entry.size(), Long.MAX_VALUE / 2);
      if (budget < 0) {
        throw new DamagedException("The zip unpacks to far more than its size");
      }
    }
  }

  private Tail tail() throws IOException {
    long from = Math.max(0, content.size() - END_BYTES - MAX_COMMENT);
    ByteBuffer last = content.read(from, (int) (content.size() - from));
    for (int i = last.limit() - END_BYTES; i >= 0; i--) {
      if (last.getInt(i) == END && (last.getShort(i + 20) & 0xffff) == last.limit() - i - 22) {
        return tail(last, i, from + i);
      }
    }
    throw new DamagedException("The zip has no central directory: its writer did not finish");
  }

  private Tail tail(ByteBuffer last, int at, long place) throws IOException {
    long entries = last.getShort(at + 10) & 0xffff;
    long size = last.getInt(at + 12) & 0xffffffffL;
    long offset = last.getInt(at + 16) & 0xffffffffL;
    Tail tail = new Tail(offset, size, entries);
    if (place >= LOCATOR_BYTES) {
      ByteBuffer locator = content.read(place - LOCATOR_BYTES, LOCATOR_BYTES);
      if (locator.getInt(0) == LOCATOR) {
        tail = tail64(locator.getLong(8));
      }
    }
    if (tail.offset() < 0 || tail.size() < 0 || tail.offset() > place - tail.size()) {
      throw new DamagedException("The zip's central directory lies outside the file");
    }
    return tail;
  }

  private Tail tail64(long at) throws IOException {
    ByteBuffer end = content.read(at, END64_BYTES);
    if (end.getInt(0) != END64) {
      throw new DamagedException("The zip64 end record is damaged");
    }
    return new Tail(end.getLong(48), end.getLong(40), end.getLong(32));
  }

  private static Entry entry(ByteBuffer head, ByteBuffer rest, int nameBytes) throws IOException {
    byte[] nameUtf8 = new byte[nameBytes];
    rest.get(nameUtf8);
    String name = new String(nameUtf8, StandardCharsets.UTF_8);
    long packed = head.getInt(20) & 0xffffffffL;
    long size = head.getInt(24) & 0xffffffffL;
    long local = head.getInt(42) & 0xffffffffL;
    while (rest.remaining() >= 4) {
      int id = rest.getShort() & 0xffff;
      int length = rest.getShort() & 0xffff;
      if (length > rest.remaining()) {
        throw new DamagedException("A zip entry's extra field is damaged: " + name);
      }
      ByteBuffer field = rest.slice(rest.position(), length).order(rest.order());
      rest.position(rest.position() + length);
      if (id == 1) {
        size = size == 0xffffffffL ? wide(field) : size;
        packed = packed == 0xffffffffL ? wide(field) : packed;
        local = local == 0xffffffffL ? wide(field) : local;
      }
    }
    int flags = head.getShort(8) & 0xffff;
    int method = head.getShort(10) & 0xffff;
    return new Entry(name, flags, method, head.getInt(16) & 0xffffffffL, packed, size, local);
  }

  private static long wide(ByteBuffer field) throws IOException {
    if (field.remaining() < 8) {
      throw new DamagedException("A zip64 extra field is too short");
    }
    return field.getLong();
  }

  /// Every trick a zip can play: empty when it plays none. Reasons name the entry.
  public List<String> tricks() throws IOException {
    List<String> tricks = new ArrayList<>();
    Set<String> names = new HashSet<>();
    List<Entry> byPlace = new ArrayList<>(entries);
    byPlace.sort(Comparator.comparingLong(Entry::local));
    long free = 0;
    for (Entry entry : byPlace) {
      if (!names.add(entry.name())) {
        tricks.add("Zip entry twice: " + entry.name());
      }
      tricks.addAll(tricks(entry));
      long data = dataOffset(entry);
      if (entry.local() < free || entry.packed() > directoryStart - data) {
        tricks.add("Zip entry overlaps another or the directory: " + entry.name());
      }
      free = data + entry.packed();
    }
    return tricks;
  }

  private List<String> tricks(Entry entry) throws IOException {
    List<String> tricks = new ArrayList<>();
    String plain =
        entry.isDirectory() ? entry.name().substring(0, entry.name().length() - 1) : entry.name();
    if (!SafePath.isSafe(plain)) {
      tricks.add("Zip entry with an unsafe name: " + entry.name());
    }
    ByteBuffer local = content.read(entry.local(), LOCAL_BYTES);
    int flags = (local.getShort(6) & 0xffff) | entry.flags();
    if ((flags & ~KNOWN_FLAGS) != 0) {
      tricks.add("Zip entry with flags 0x%x: %s".formatted(flags, entry.name()));
    }
    if (entry.method() != (local.getShort(8) & 0xffff) || !readable(entry)) {
      tricks.add("Zip entry of method " + entry.method() + ": " + entry.name());
    }
    byte[] name = content.bytes(entry.local() + LOCAL_BYTES, local.getShort(26) & 0xffff);
    if (!new String(name, StandardCharsets.UTF_8).equals(entry.name())) {
      tricks.add("Zip entry has another name in its local header: " + entry.name());
    }
    return tricks;
  }

  private static boolean readable(Entry entry) {
    return entry.method() == DEFLATED || (entry.method() == 0 && entry.packed() == entry.size());
  }

  /// Where the entry's bytes begin in the file.
  public long dataOffset(Entry entry) throws IOException {
    ByteBuffer local = content.read(entry.local(), LOCAL_BYTES);
    if (local.getInt(0) != LOCAL) {
      throw new DamagedException("A zip entry has no local header: " + entry.name());
    }
    int variable = (local.getShort(26) & 0xffff) + (local.getShort(28) & 0xffff);
    long offset = entry.local() + LOCAL_BYTES + variable;
    if (entry.packed() < 0 || entry.size() < 0 || offset > content.size() - entry.packed()) {
      throw new DamagedException("A zip entry lies outside the file: " + entry.name());
    }
    return offset;
  }

  /// What is done with an entry's unpacked bytes.
  public interface Reading {
    void read(InputStream bytes) throws IOException;
  }

  public void open(Entry entry, Reading reading) throws IOException {
    if (entry.method() != DEFLATED) {
      reading.read(content.stream(dataOffset(entry), entry.packed()));
      return;
    }
    InputStream raw = content.stream(dataOffset(entry), entry.packed());
    Inflater inflater = new Inflater(true);
    try (InputStream unpacked = new InflaterInputStream(raw, inflater, INFLATE_BYTES)) {
      reading.read(new Bounded(unpacked, entry.size()));
    } finally {
      inflater.end();
    }
  }

  /// Ends one byte behind what the directory promised, so that more is noticed and not unpacked.
  private static final class Bounded extends FilterInputStream {
    private long left;

    Bounded(InputStream in, long size) {
      super(in);
      this.left = size + 1;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      if (left <= 0) {
        return -1;
      }
      int got = in.read(into, offset, (int) Math.min(length, left));
      left -= Math.max(0, got);
      return got;
    }

    @Override
    public long skip(long bytes) throws IOException {
      long skipped = in.skip(Math.min(bytes, left));
      left -= skipped;
      return skipped;
    }
  }

  /// A stored entry as a content of its own, at random access; empty where it is packed.
  public Optional<Content> slice(Entry entry) throws IOException {
    return entry.method() == DEFLATED
        ? Optional.empty()
        : Optional.of(content.slice(dataOffset(entry), entry.packed(), entry.name()));
  }

  /// The first bytes of an entry, at most so many.
  public byte[] head(Entry entry, int most) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    open(entry, bytes -> head.write(bytes.readNBytes(most)));
    return head.toByteArray();
  }
}
