package dev.salvor.controller.sim;

import dev.salvor.controller.journal.FactCodec;
import dev.salvor.controller.journal.Journal;
import dev.salvor.controller.journal.JournalException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/// A journal that outlives controllers, can make one die right before or right after it wrote, and
/// can be full. What it replays may have been through its stored form.
final class MemoryJournal implements Journal {
  private final List<Numbered> entries = new ArrayList<>();
  private final boolean stored;
  private Consumer<List<Entry>> wrote = _ -> {};
  private BooleanSupplier full = () -> false;
  private Crash crash = Crash.NONE;

  MemoryJournal(boolean stored) {
    this.stored = stored;
  }

  /// Where the controller dies at its next append.
  enum Crash {
    NONE,
    BEFORE,
    AFTER
  }

  /// The controller's process ended here.
  static final class Killed extends RuntimeException {
    private static final long serialVersionUID = 1;

    Killed(String where) {
      super(where, null, false, false);
    }
  }

  void onWrite(Consumer<List<Entry>> told) {
    this.wrote = told;
  }

  void fullWhen(BooleanSupplier when) {
    this.full = when;
  }

  void crashNext(Crash where) {
    this.crash = where;
  }

  int size() {
    return entries.size();
  }

  @Override
  public long append(List<Entry> batch) throws JournalException {
    if (full.getAsBoolean()) {
      throw new JournalException(JournalException.Kind.DISK_FULL, "no room", new Exception());
    }
    Crash now = crash;
    crash = Crash.NONE;
    if (now == Crash.BEFORE) {
      throw new Killed("before it wrote");
    }
    for (Entry entry : batch) {
      entries.add(new Numbered(entries.size() + 1L, entry.run(), entry.fact()));
    }
    wrote.accept(batch);
    if (now == Crash.AFTER) {
      throw new Killed("after it wrote");
    }
    return entries.size();
  }

  @Override
  public void replay(Consumer<Numbered> each) {
    List<Numbered> now = List.copyOf(entries);
    if (!stored) {
      now.forEach(each);
      return;
    }
    FactCodec codec = new FactCodec();
    now.forEach(
        e -> each.accept(new Numbered(e.number(), e.run(), codec.read(codec.write(e.fact())))));
  }

  @Override
  public void close() {}
}
