package dev.salvor.agent.state;

import dev.salvor.common.disk.Ballast;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The spool and one file beside it, for an agent that goes on when its disk takes nothing: what
/// cannot be written is kept in memory, in order, and written as soon as there is room. Safe for
/// one writer and any readers.
public final class PatientStore {
  /// Reports come a few a minute; with so many unwritten there is no disk any more.
  static final int MAX_WAITING = 2_000;

  static final long MAX_WAITING_BYTES = 8L << 20;

  private static final Logger LOG = LoggerFactory.getLogger(PatientStore.class);

  private final Spool spool;
  private final Ballast ballast;
  private final Deque<Spool.Entry> waiting = new ArrayDeque<>();
  private long waitingBytes;
  private @Nullable Write unsaved;
  private long trim;
  private boolean told;

  public PatientStore(Spool spool, Ballast ballast) {
    this.spool = spool;
    this.ballast = ballast;
  }

  /// A write that replaces the one before it.
  @FunctionalInterface
  public interface Write {
    void now() throws IOException;
  }

  /// Saves now, or as soon as there is room; a later one takes the place of an earlier one.
  public synchronized void save(Write write) {
    unsaved = write;
    flush();
  }

  /// Spools now, or as soon as there is room; readers have it at once either way.
  public synchronized void spool(long seq, byte[] content) throws IOException {
    if (waiting.size() >= MAX_WAITING || waitingBytes + content.length > MAX_WAITING_BYTES) {
      throw new IOException("The disk takes nothing, and memory no more reports");
    }
    waiting.addLast(new Spool.Entry(seq, content));
    waitingBytes += content.length;
    flush();
  }

  public synchronized void trim(long seq) {
    trim = Math.max(trim, seq);
    for (Iterator<Spool.Entry> each = waiting.iterator(); each.hasNext(); ) {
      Spool.Entry entry = each.next();
      if (entry.seq() <= seq) {
        waitingBytes -= entry.content().length;
        each.remove();
      }
    }
    flush();
  }

  /// The first report after that number that is not acknowledged, written or not.
  public synchronized Optional<Spool.Entry> after(long seq) throws IOException {
    Optional<Spool.Entry> written = spool.after(Math.max(seq, trim));
    if (written.isPresent()) {
      return written;
    }
    return waiting.stream().filter(entry -> entry.seq() > Math.max(seq, trim)).findFirst();
  }

  /// Tries to write what waits; called again and again.
  public synchronized void flush() {
    boolean waited = told;
    while (!write()) {
      if (!ballast.drop()) {
        return;
      }
    }
    if (waited) {
      told = false;
      LOG.atInfo().log("the disk takes our writes again");
    }
  }

  /// How many reports are in memory alone.
  synchronized int waiting() {
    return waiting.size();
  }

  private boolean write() {
    try {
      for (Spool.Entry next = waiting.peekFirst(); next != null; next = waiting.peekFirst()) {
        spool.append(next.seq(), next.content());
        waiting.removeFirst();
        waitingBytes -= next.content().length;
      }
      if (unsaved != null) {
        unsaved.now();
        unsaved = null;
      }
      if (trim > spool.ackedSeq()) {
        spool.trim(trim);
      }
      return true;
    } catch (IOException e) {
      if (!told) {
        LOG.atError()
            .addKeyValue("why", e)
            .addKeyValue("reports", waiting.size())
            .log("the disk takes nothing; this agent goes on and keeps it in memory");
      }
      told = true;
      return false;
    }
  }
}
