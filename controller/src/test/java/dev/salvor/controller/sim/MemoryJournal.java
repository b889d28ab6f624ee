package dev.salvor.controller.sim;

import dev.salvor.controller.journal.Journal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// A journal that outlives controllers, and can make one die right before or right after it wrote.
final class MemoryJournal implements Journal {
  private final List<Numbered> entries = new ArrayList<>();
  private Consumer<List<Entry>> wrote = _ -> {};
  private Crash crash = Crash.NONE;

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

  void crashNext(Crash where) {
    this.crash = where;
  }

  int size() {
    return entries.size();
  }

  @Override
  public long append(List<Entry> batch) {
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
    List.copyOf(entries).forEach(each);
  }

  @Override
  public void close() {}
}
