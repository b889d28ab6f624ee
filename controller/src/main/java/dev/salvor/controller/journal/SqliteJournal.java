package dev.salvor.controller.journal;

import dev.salvor.common.unit.RunId;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// The journal as a SQLite file in the state directory: one writer, one transaction an append.
public final class SqliteJournal implements Journal {
  private final JournalFile file;
  private final FactCodec codec = new FactCodec();
  private long last;
  private boolean broken;

  SqliteJournal(JournalFile file, long last) {
    this.file = file;
    this.last = last;
  }

  /// Opens, and creates where there is none, `journal.db` in the state directory; refuses while
  /// another process has it.
  public static SqliteJournal open(Path stateDir) throws JournalException {
    JournalFile file = JournalFile.open(stateDir);
    try {
      return new SqliteJournal(file, file.lastNumber());
    } catch (SQLException e) {
      file.close();
      throw file.failure("read", e);
    }
  }

  /// Hands over what a state directory's journal holds, in order, without its lock and without
  /// changing it: a controller may be starting on it, or at work. Nothing where there is none.
  public static void read(Path stateDir, Consumer<Numbered> each) throws JournalException {
    Optional<JournalFile> file = JournalFile.look(stateDir);
    if (file.isPresent()) {
      try (SqliteJournal journal = new SqliteJournal(file.get(), 0)) {
        journal.replay(each);
      }
    }
  }

  @Override
  public synchronized long append(List<Entry> entries) throws JournalException {
    if (broken) {
      throw new JournalException(
          JournalException.Kind.UNREADABLE,
          "Cannot write the journal %s: an earlier write failed half-way. Start Salvor again."
              .formatted(file.path()),
          new IllegalStateException("broken"));
    }
    try {
      // The write lock first: a transaction that could not be finished is better not begun.
      file.execute("BEGIN IMMEDIATE");
      long number = insert(entries);
      file.execute("COMMIT");
      last = number;
      return last;
    } catch (SQLException e) {
      rollBack(e);
      throw file.failure("write", e);
    }
  }

  private long insert(List<Entry> entries) throws SQLException {
    long number = last;
    try (PreparedStatement insert =
        file.connection()
            .prepareStatement("INSERT INTO entry (number, run, fact) VALUES (?, ?, ?)")) {
      for (Entry entry : entries) {
        insert.setLong(1, ++number);
        insert.setString(2, entry.run().value());
        insert.setString(3, codec.write(entry.fact()));
        insert.addBatch();
      }
      insert.executeBatch();
    }
    return number;
  }

  /// After this the transaction is gone, or nothing more is written through this connection.
  private void rollBack(SQLException why) {
    try {
      file.execute("ROLLBACK");
    } catch (SQLException e) {
      // SQLite itself rolls back on some failures (a full disk), or never began (a busy file).
      if (!String.valueOf(e.getMessage()).contains("no transaction is active")) {
        why.addSuppressed(e);
        broken = true;
      }
    }
  }

  @Override
  public synchronized void replay(Consumer<Numbered> each) throws JournalException {
    Connection connection = file.connection();
    try (PreparedStatement query =
            connection.prepareStatement("SELECT number, run, fact FROM entry ORDER BY number");
        ResultSet rows = query.executeQuery()) {
      long expected = 0;
      while (rows.next()) {
        expected++;
        each.accept(read(rows, expected));
      }
    } catch (SQLException e) {
      throw file.failure("read", e);
    }
  }

  JournalFile file() {
    return file;
  }

  private Numbered read(ResultSet row, long expected) throws SQLException, JournalException {
    long number = row.getLong(1);
    if (number != expected) {
      throw file.damaged("entry %d is missing".formatted(expected), new IllegalStateException());
    }
    try {
      return new Numbered(number, new RunId(row.getString(2)), codec.read(row.getString(3)));
    } catch (IllegalArgumentException e) {
      throw file.damaged("entry %d: %s".formatted(number, e.getMessage()), e);
    }
  }

  @Override
  public synchronized void close() throws JournalException {
    file.close();
  }
}
