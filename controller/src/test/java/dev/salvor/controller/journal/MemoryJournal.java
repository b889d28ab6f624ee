package dev.salvor.controller.journal;

import dev.salvor.controller.journal.JournalException.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// A journal in memory that can be told to fail and that survives a crash of its user: what was
/// acknowledged is there when it is opened again.
public final class MemoryJournal implements Journal {
  private final List<Numbered> entries;
  private Optional<Fault> next = Optional.empty();
  private boolean open = true;

  public MemoryJournal() {
    this(new ArrayList<>());
  }

  private MemoryJournal(List<Numbered> entries) {
    this.entries = entries;
  }

  /// The next append fails so, once.
  public void failNext(Kind kind, Moment moment) {
    next = Optional.of(new Fault(kind, moment));
  }

  /// As after a crash: this one is dead, the new one holds every entry that was written.
  public MemoryJournal reopen() {
    open = false;
    return new MemoryJournal(new ArrayList<>(entries));
  }

  /// Everything written so far.
  public List<Numbered> entries() {
    return List.copyOf(entries);
  }

  @Override
  public long append(List<Entry> added) throws JournalException {
    requireOpen();
    Optional<Fault> fault = next;
    next = Optional.empty();
    if (fault.isPresent() && fault.get().moment() == Moment.BEFORE_WRITING) {
      throw fault.get().thrown();
    }
    for (Entry entry : added) {
      entries.add(new Numbered(entries.size() + 1L, entry.run(), entry.fact()));
    }
    if (fault.isPresent()) {
      throw fault.get().thrown();
    }
    return entries.size();
  }

  @Override
  public void replay(Consumer<Numbered> each) throws JournalException {
    requireOpen();
    List.copyOf(entries).forEach(each);
  }

  @Override
  public void close() {
    open = false;
  }

  private void requireOpen() throws JournalException {
    if (!open) {
      throw new Fault(Kind.UNREADABLE, Moment.BEFORE_WRITING).thrown();
    }
  }

  /// When an append breaks.
  public enum Moment {
    /// Nothing of it is there afterwards.
    BEFORE_WRITING,
    /// All of it is there, and the writer was never told: as when a machine dies in a commit.
    BEFORE_ANSWERING
  }

  /// A failure to come.
  private record Fault(Kind kind, Moment moment) {
    JournalException thrown() {
      return new JournalException(
          kind, "Told to fail: " + kind, new IllegalStateException("told to fail"));
    }
  }
}
