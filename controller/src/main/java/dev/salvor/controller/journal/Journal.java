package dev.salvor.controller.journal;

import dev.salvor.common.unit.RunId;
import dev.salvor.controller.core.Fact;
import java.util.List;
import java.util.function.Consumer;

/// The append-only record of facts, in order: the only truth after a restart.
public interface Journal extends AutoCloseable {

  /// Appends all or nothing; when it returns, the facts survive a crash of the machine. Numbers
  /// rise by one from 1.
  ///
  /// @return the number of the last entry
  long append(List<Entry> entries) throws JournalException;

  /// Hands over every entry in order.
  void replay(Consumer<Numbered> each) throws JournalException;

  @Override
  void close() throws JournalException;

  /// A fact of a run.
  record Entry(RunId run, Fact fact) {}

  /// An entry with its place in the journal.
  record Numbered(long number, RunId run, Fact fact) {}
}
