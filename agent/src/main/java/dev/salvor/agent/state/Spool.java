package dev.salvor.agent.state;

import dev.salvor.common.disk.Durable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reports on disk until the controller has them: an append-only log that is forced at each append,
/// and a file with the last acknowledged number. The content is opaque here. Safe for one writer
/// and any readers.
public final class Spool implements AutoCloseable {
  /// One report: the largest is a unit of some thousand files.
  public static final int MAX_BYTES = 4 << 20;

  /// An acknowledged head this large is worth a rewrite.
  private static final long COMPACT_BYTES = 1 << 20;

  private static final Logger LOG_LINES = LoggerFactory.getLogger(Spool.class);

  private static final String LOG = "spool/events";
  private static final String ACKED = "spool/acked";

  // Sequence number (8), length (4), CRC-32C of number, length and content (4).
  private static final int HEADER = 16;

  private final HomeDir home;
  private final TreeMap<Long, Place> places = new TreeMap<>();
  private FileChannel log;
  private long end;
  private long acked;
  private long last;
  private long waitingBytes;

  private Spool(HomeDir home, FileChannel log) {
    this.home = home;
    this.log = log;
  }

  /// Opens it, and cuts off what a crash left half written.
  public static Spool open(HomeDir home) throws IOException {
    home.directory("spool");
    Spool spool = new Spool(home, openLog(home.path(LOG)));
    spool.acked = Long.parseLong(home.read(ACKED).orElse("0").strip());
    spool.load();
    return spool;
  }

  public synchronized long lastSeq() {
    return last;
  }

  public synchronized long ackedSeq() {
    return acked;
  }

  /// What the reports take that are not acknowledged.
  public synchronized long waitingBytes() {
    return waitingBytes;
  }

  /// Durable when it returns. Numbers rise; one that is there already is left as it is.
  public synchronized void append(long seq, byte[] content) throws IOException {
    if (content.length > MAX_BYTES) {
      throw new IOException(
          "A report of %d bytes is over the spool's bound".formatted(content.length));
    }
    if (seq <= last) {
      return;
    }
    ByteBuffer record = ByteBuffer.allocate(HEADER + content.length);
    record.putLong(seq).putInt(content.length).putInt(crc(seq, content)).put(content).flip();
    long at = end;
    while (record.hasRemaining()) {
      at += log.write(record, at);
    }
    log.force(false);
    put(seq, new Place(end + HEADER, content.length));
    end = at;
    last = seq;
  }

  /// The first report after that number that is not acknowledged.
  public synchronized Optional<Entry> after(long seq) throws IOException {
    Map.Entry<Long, Place> next = places.higherEntry(Math.max(seq, acked));
    if (next == null) {
      return Optional.empty();
    }
    return Optional.of(new Entry(next.getKey(), read(next.getValue())));
  }

  /// Forgets reports up to that number.
  public synchronized void trim(long seq) throws IOException {
    if (seq <= acked) {
      return;
    }
    home.write(ACKED, Long.toString(seq));
    acked = seq;
    last = Math.max(last, seq);
    forget(places.headMap(seq, true));
    long head = places.isEmpty() ? end : places.firstEntry().getValue().at() - HEADER;
    if (head >= COMPACT_BYTES) {
      compact();
    }
  }

  /// Forgets single reports, whose numbers stay unused; the others keep theirs.
  public synchronized void drop(Set<Long> seqs) throws IOException {
    for (long seq : seqs) {
      forget(places.subMap(seq, true, seq, true));
    }
    compact();
  }

  private void put(long seq, Place place) {
    places.put(seq, place);
    waitingBytes += HEADER + place.length();
  }

  private void forget(SortedMap<Long, Place> some) {
    some.values().forEach(place -> waitingBytes -= HEADER + place.length());
    some.clear();
  }

  @Override
  public synchronized void close() throws IOException {
    log.close();
  }

  /// Gives back what acknowledged reports take. Where the disk has no room for the shorter log, the
  /// long one stays: nothing is lost, and the next time may do.
  private void compact() {
    Path file = home.path(LOG);
    Path fresh = file.resolveSibling("events.tmp");
    try {
      Files.deleteIfExists(fresh);
      FileChannel into = openLog(fresh);
      try {
        Map<Long, Place> moved = copyTo(into);
        Files.move(
            fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        Durable.force(home.path("spool"));
        FileChannel old = log;
        log = into;
        end = into.size();
        places.clear();
        places.putAll(moved);
        old.close();
      } finally {
        if (!into.equals(log)) {
          into.close();
          Files.deleteIfExists(fresh);
        }
      }
    } catch (IOException e) {
      LOG_LINES.atWarn().addKeyValue("why", e).log("the spool stays as long as it is");
    }
  }

  /// One report at a time: all of them together may be more than this process's memory.
  private Map<Long, Place> copyTo(FileChannel into) throws IOException {
    Map<Long, Place> moved = new TreeMap<>();
    long at = 0;
    for (Map.Entry<Long, Place> kept : places.entrySet()) {
      Place place = kept.getValue();
      ByteBuffer record = readFully(log, place.at() - HEADER, HEADER + place.length());
      moved.put(kept.getKey(), new Place(at + HEADER, place.length()));
      while (record.hasRemaining()) {
        at += into.write(record, at);
      }
    }
    into.force(true);
    return moved;
  }

  private void load() throws IOException {
    long at = 0;
    long size = log.size();
    last = acked;
    while (at + HEADER <= size) {
      ByteBuffer header = readFully(log, at, HEADER);
      long seq = header.getLong();
      int length = header.getInt();
      int crc = header.getInt();
      if (length < 0 || length > MAX_BYTES || at + HEADER + length > size) {
        break;
      }
      Place place = new Place(at + HEADER, length);
      if (crc(seq, read(place)) != crc) {
        break;
      }
      if (seq > acked) {
        put(seq, place);
      }
      last = Math.max(last, seq);
      at = place.at() + length;
    }
    end = at;
    log.truncate(end);
  }

  private byte[] read(Place place) throws IOException {
    return readFully(log, place.at(), place.length()).array();
  }

  private static ByteBuffer readFully(FileChannel log, long at, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    while (bytes.hasRemaining()) {
      if (log.read(bytes, at + bytes.position()) < 0) {
        throw new IOException("The spool ends early");
      }
    }
    return bytes.flip();
  }

  private static int crc(long seq, byte[] content) {
    CRC32C crc = new CRC32C();
    crc.update(ByteBuffer.allocate(12).putLong(seq).putInt(content.length).flip());
    crc.update(content);
    return (int) crc.getValue();
  }

  private static FileChannel openLog(Path file) throws IOException {
    return FileChannel.open(
        file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }

  /// A spooled report.
  public static final class Entry {
    private final long seq;
    private final byte[] content;

    Entry(long seq, byte[] content) {
      this.seq = seq;
      this.content = content;
    }

    public long seq() {
      return seq;
    }

    public byte[] content() {
      return content.clone();
    }
  }

  private record Place(long at, int length) {}
}
