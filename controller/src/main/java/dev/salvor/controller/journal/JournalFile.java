package dev.salvor.controller.journal;

import dev.salvor.controller.journal.JournalException.Kind;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/// The file of a SqliteJournal: found or made, locked, checked, brought to the present schema, and
/// what its failures mean to a person.
final class JournalFile {
  private static final String NAME = "journal.db";
  private static final int BUSY_MS = 5000;

  /// One step a version; a file at version n has seen the first n.
  private static final List<List<String>> STEPS =
      List.of(
          List.of(
              """
              CREATE TABLE entry (
                number INTEGER PRIMARY KEY,
                run TEXT NOT NULL,
                fact TEXT NOT NULL
              ) STRICT
              """,
              """
              CREATE TRIGGER entry_is_never_changed BEFORE UPDATE ON entry
              BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END
              """,
              """
              CREATE TRIGGER entry_is_never_erased BEFORE DELETE ON entry
              BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END
              """));

  private final Path path;
  private final Closeable lock;
  private final Connection connection;

  private JournalFile(Path path, Closeable lock, Connection connection) {
    this.path = path;
    this.lock = lock;
    this.connection = connection;
  }

  static JournalFile open(Path stateDir) throws JournalException {
    Path path = stateDir.resolve(NAME);
    FileChannel lock = claim(stateDir, path);
    try {
      JournalFile file = new JournalFile(path, lock, connect(path, false));
      file.prepare();
      return file;
    } catch (JournalException e) {
      release(lock);
      throw e;
    }
  }

  /// Opened to be read alone, whoever else has it; empty where nothing was written yet.
  static Optional<JournalFile> look(Path stateDir) throws JournalException {
    Path path = stateDir.resolve(NAME);
    try {
      if (!Files.exists(path) || Files.size(path) == 0) {
        return Optional.empty();
      }
      unpackInto(stateDir);
      JournalFile file = new JournalFile(path, () -> {}, connect(path, true));
      return file.written() ? Optional.of(file) : Optional.empty();
    } catch (IOException e) {
      throw unreachable(path, e);
    }
  }

  /// False, and closed, where its schema is still to be made.
  private boolean written() throws JournalException {
    try {
      pragma("busy_timeout = " + BUSY_MS);
      int version = Integer.parseInt(pragma("user_version"));
      refuseNewer(version);
      if (version > 0) {
        return true;
      }
    } catch (SQLException e) {
      JournalException failure = failure("read", e);
      closeConnection(failure);
      throw failure;
    } catch (JournalException e) {
      closeConnection(e);
      throw e;
    }
    close();
    return false;
  }

  /// SQLite's library unpacks itself; /tmp may forbid running code, the state directory is ours.
  private static void unpackInto(Path stateDir) throws IOException {
    Path tmp = Files.createDirectories(stateDir.resolve("tmp"), mode("rwx------"));
    System.setProperty("org.sqlite.tmpdir", tmp.toString());
  }

  /// Makes what is missing, owner-only, and takes the lock that keeps a second writer out.
  private static FileChannel claim(Path stateDir, Path path) throws JournalException {
    try {
      Files.createDirectories(stateDir, mode("rwx------"));
      unpackInto(stateDir);
      create(path);
      Path lockPath = stateDir.resolve("journal.lock");
      create(lockPath);
      return lock(FileChannel.open(lockPath, StandardOpenOption.WRITE), path);
    } catch (IOException e) {
      throw unreachable(path, e);
    }
  }

  private static void create(Path file) throws IOException {
    try {
      Files.createFile(file, mode("rw-------"));
    } catch (FileAlreadyExistsException e) {
      if (!Files.isReadable(file) || !Files.isWritable(file)) {
        throw new AccessDeniedException(file.toString());
      }
    }
  }

  private static FileAttribute<?> mode(String rwx) {
    return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(rwx));
  }

  private static FileChannel lock(FileChannel channel, Path path)
      throws IOException, JournalException {
    FileLock held = null;
    try {
      held = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      // This very process has it: the same to the caller as another one having it.
    }
    if (held == null) {
      channel.close();
      throw inUse(path, new IOException("locked"));
    }
    return channel;
  }

  private static Connection connect(Path path, boolean readOnly) throws JournalException {
    try {
      SQLiteConfig config = new SQLiteConfig();
      config.setReadOnly(readOnly);
      return config.createConnection("jdbc:sqlite:" + path);
    } catch (SQLException e) {
      throw failure(path, "open", e);
    }
  }

  private void prepare() throws JournalException {
    try {
      pragma("busy_timeout = " + BUSY_MS);
      pragma("journal_mode = WAL");
      // Every commit reaches the disk before it is answered.
      pragma("synchronous = FULL");
      String check = pragma("quick_check(1)");
      if (!check.equals("ok")) {
        throw damaged(check, new IllegalStateException(check));
      }
      migrate(Integer.parseInt(pragma("user_version")));
    } catch (SQLException e) {
      JournalException failure = failure("open", e);
      closeConnection(failure);
      throw failure;
    } catch (JournalException e) {
      closeConnection(e);
      throw e;
    }
  }

  private String pragma(String what) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      if (!statement.execute("PRAGMA " + what)) {
        return "";
      }
      try (ResultSet row = statement.getResultSet()) {
        return row.next() ? row.getString(1) : "";
      }
    }
  }

  private void migrate(int version) throws SQLException, JournalException {
    refuseNewer(version);
    for (int step = version; step < STEPS.size(); step++) {
      execute("BEGIN IMMEDIATE");
      for (String sql : STEPS.get(step)) {
        execute(sql);
      }
      execute("PRAGMA user_version = " + (step + 1));
      execute("COMMIT");
    }
  }

  private void refuseNewer(int version) throws JournalException {
    if (version > STEPS.size()) {
      throw new JournalException(
          Kind.UNREADABLE,
          "Cannot read the journal %s: it has version %d, this Salvor knows up to %d. "
                  .formatted(path, version, STEPS.size())
              + "Use the newer Salvor that wrote it.",
          new IllegalStateException("version " + version));
    }
  }

  Path path() {
    return path;
  }

  Connection connection() {
    return connection;
  }

  void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  long lastNumber() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT coalesce(max(number), 0) FROM entry")) {
      row.next();
      return row.getLong(1);
    }
  }

  void close() throws JournalException {
    try {
      connection.close();
    } catch (SQLException e) {
      throw failure("close", e);
    } finally {
      release(lock);
    }
  }

  private void closeConnection(JournalException why) {
    try {
      connection.close();
    } catch (SQLException e) {
      why.addSuppressed(e);
    }
  }

  private static void release(Closeable lock) {
    try {
      lock.close();
    } catch (IOException e) {
      throw new UncheckedIOException("A lock file does not close", e);
    }
  }

  JournalException damaged(String what, Exception cause) {
    return new JournalException(
        Kind.DAMAGED,
        ("Cannot trust the journal %s: %s. Nothing was changed. Put a backup of the file in its"
                + " place, or move it aside to start anew; then look at your instances on the"
                + " platform's own page.")
            .formatted(path, what),
        cause);
  }

  JournalException failure(String verb, SQLException e) {
    return failure(path, verb, e);
  }

  private static JournalException failure(Path path, String verb, SQLException e) {
    return switch (primary(e)) {
      case SQLITE_FULL -> full(path, e);
      case SQLITE_BUSY, SQLITE_LOCKED -> inUse(path, e);
      case SQLITE_CORRUPT, SQLITE_NOTADB ->
          new JournalException(
              Kind.DAMAGED,
              ("Cannot %s the journal %s: SQLite says \"%s\". Put a backup of the file in its"
                      + " place, or move it aside to start anew; then look at your instances on the"
                      + " platform's own page.")
                  .formatted(verb, path, e.getMessage()),
              e);
      default ->
          new JournalException(
              Kind.UNREADABLE,
              "Cannot %s the journal %s: SQLite says \"%s\". Check the disk and who owns the file."
                  .formatted(verb, path, e.getMessage()),
              e);
    };
  }

  /// Extended codes carry the primary one in their low byte.
  private static SQLiteErrorCode primary(SQLException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLiteException sqlite) {
        return SQLiteErrorCode.getErrorCode(sqlite.getResultCode().code & 0xff);
      }
    }
    return SQLiteErrorCode.getErrorCode(e.getErrorCode() & 0xff);
  }

  private static JournalException unreachable(Path path, IOException e) {
    String reason = e instanceof AccessDeniedException ? "permission denied: " : "";
    if (String.valueOf(e.getMessage()).contains("No space left")) {
      return full(path, e);
    }
    return new JournalException(
        Kind.UNREADABLE,
        ("Cannot open the journal %s: %s%s. Make the directory readable and writable for you, or"
                + " name another with --state.")
            .formatted(path, reason, e.getMessage()),
        e);
  }

  private static JournalException full(Path path, Exception e) {
    return new JournalException(
        Kind.DISK_FULL,
        ("Cannot write the journal %s: the disk is full. Nothing was lost and nothing is done"
                + " unjournaled. Free some space there, then start Salvor again.")
            .formatted(path),
        e);
  }

  private static JournalException inUse(Path path, Exception e) {
    return new JournalException(
        Kind.IN_USE,
        ("Cannot open the journal %s: another Salvor controller has it. Ask that one (salvor ps),"
                + " or end it first.")
            .formatted(path),
        e);
  }
}
