package dev.salvor.agent.main;

import dev.salvor.agent.core.Report;
import dev.salvor.agent.link.FrameCodec;
import dev.salvor.agent.state.Spool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;

/// What waits in the spool, read from the disk one by one: a full spool holds more than this
/// process has memory.
final class Waiting implements Iterator<Report> {
  private final Spool spool;
  private Optional<Spool.Entry> next;

  Waiting(Spool spool) {
    this.spool = spool;
    this.next = after(0);
  }

  @Override
  public boolean hasNext() {
    return next.isPresent();
  }

  @Override
  public Report next() {
    Spool.Entry entry = next.orElseThrow(NoSuchElementException::new);
    next = after(entry.seq());
    try {
      return FrameCodec.read(entry.content());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Optional<Spool.Entry> after(long seq) {
    try {
      return spool.after(seq);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
