package dev.salvor.controller.journal;

import java.nio.file.Path;

/// Opens a journal in a process of its own and prints what came of it.
final class OpenJournal {
  private OpenJournal() {}

  public static void main(String[] args) throws JournalException {
    try (Journal journal = SqliteJournal.open(Path.of(args[0]))) {
      System.out.println("opened " + journal);
    } catch (JournalException e) {
      System.out.println(e.kind() + " " + e.getMessage());
    }
  }
}
