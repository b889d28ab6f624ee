package dev.salvor.controller.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import dev.salvor.common.unit.RunId;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.journal.JournalException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The SQLite journal keeps the contract, and says what is wrong with its file.
final class SqliteJournalTest extends JournalContract {
  @TempDir Path dir;

  @Override
  protected Journal open() throws JournalException {
    return SqliteJournal.open(dir);
  }

  @Override
  protected Journal reopen(Journal journal) throws JournalException {
    journal.close();
    return open();
  }

  @Override
  protected void breakNextAppend(Journal journal) throws SQLException {
    pages(journal, "PRAGMA max_page_count = 8");
  }

  @Override
  protected void mend(Journal journal) throws SQLException {
    pages(journal, "PRAGMA max_page_count = 1000000");
  }

  private static void pages(Journal journal, String pragma) throws SQLException {
    ((SqliteJournal) journal).file().execute(pragma);
  }

  @Test
  void a_journal_killed_without_a_close_has_every_acknowledged_entry() throws Exception {
    Path copy = Files.createDirectory(dir.resolve("copy"));
    try (Journal journal = open()) {
      journal.append(List.of(entry()));
      // What a SIGKILL leaves: the files as they are now, the log not yet folded in.
      for (String name : List.of("journal.db", "journal.db-wal")) {
        Files.copy(dir.resolve(name), copy.resolve(name));
      }
    }
    try (Journal again = SqliteJournal.open(copy)) {
      assertThat(again.append(List.of(entry()))).isEqualTo(2);
    }
  }

  @Test
  void every_commit_waits_for_the_disk() throws Exception {
    try (SqliteJournal journal = SqliteJournal.open(dir);
        Statement statement = journal.file().connection().createStatement()) {
      assertThat(statement.executeQuery("PRAGMA synchronous").getInt(1)).isEqualTo(2);
      assertThat(statement.executeQuery("PRAGMA journal_mode").getString(1)).isEqualTo("wal");
    }
  }

  @Test
  void its_files_are_the_owners_alone() throws Exception {
    Path state = dir.resolve("new/state");
    try (Journal journal = SqliteJournal.open(state)) {
      journal.append(List.of(entry()));
      for (String name : List.of("journal.db", "journal.db-wal", "journal.lock")) {
        assertThat(
                PosixFilePermissions.toString(Files.getPosixFilePermissions(state.resolve(name))))
            .isEqualTo("rw-------");
      }
    }
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(state)))
        .isEqualTo("rwx------");
  }

  @Test
  void entries_can_be_neither_changed_nor_erased() throws Exception {
    try (SqliteJournal journal = SqliteJournal.open(dir)) {
      journal.append(List.of(entry()));
      for (String sql : List.of("DELETE FROM entry", "UPDATE entry SET run = 'x'")) {
        try (Statement statement = journal.file().connection().createStatement()) {
          assertThatThrownBy(() -> statement.execute(sql)).hasMessageContaining("append-only");
        }
      }
    }
  }

  @Test
  void a_second_opener_is_told_who_has_it() throws Exception {
    try (Journal journal = open()) {
      assertFails(Kind.IN_USE, () -> SqliteJournal.open(dir), "another Salvor controller");
      journal.append(List.of(entry()));
    }
    open().close();
  }

  @Test
  void another_process_is_kept_out_until_this_one_ends() throws Exception {
    Path said = dir.resolve("said");
    try (Journal journal = open()) {
      assertThat(openInAnotherProcess(said)).contains("IN_USE");
      journal.append(List.of(entry()));
    }
    assertThat(openInAnotherProcess(said)).contains("opened");
  }

  /// A verb that looks in the second in which a controller starts once made that controller end.
  @Test
  void who_reads_neither_needs_the_lock_nor_keeps_a_writer_out() throws Exception {
    List<Journal.Numbered> read = new ArrayList<>();
    try (Journal journal = open()) {
      journal.append(List.of(entry(), entry()));
      SqliteJournal.read(dir, read::add);
      assertThat(read).hasSize(2);
    }
    AtomicInteger written = new AtomicInteger();
    SqliteJournal.read(
        dir,
        seen -> {
          try (Journal journal = open()) {
            journal.append(List.of(entry()));
            written.incrementAndGet();
          } catch (JournalException e) {
            throw new AssertionError(e);
          }
        });
    assertThat(written).hasValue(2);
    List<Journal.Numbered> after = new ArrayList<>();
    SqliteJournal.read(dir, after::add);
    assertThat(after).hasSize(4);
  }

  @Test
  void who_reads_makes_no_journal_and_repairs_none() throws Exception {
    SqliteJournal.read(dir, _ -> fail("there is nothing"));
    assertThat(dir.resolve("journal.db")).doesNotExist();
    Files.createFile(dir.resolve("journal.db"));
    SqliteJournal.read(dir, _ -> fail("there is nothing"));
    assertThat(dir.resolve("journal.db")).isEmptyFile();
    Files.writeString(dir.resolve("journal.db"), "this was never a database, ".repeat(80));
    assertFails(Kind.DAMAGED, () -> SqliteJournal.read(dir, _ -> {}), "backup");
  }

  private String openInAnotherProcess(Path said) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                OpenJournal.class.getName(),
                dir.toString())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();
    try {
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
      return Files.readString(said);
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void a_writer_that_ignores_our_lock_is_an_in_use_failure() throws Exception {
    try (SqliteJournal journal = SqliteJournal.open(dir);
        Connection other = DriverManager.getConnection("jdbc:sqlite:" + dir.resolve("journal.db"));
        Statement foreign = other.createStatement()) {
      journal.file().execute("PRAGMA busy_timeout = 50");
      foreign.execute("BEGIN IMMEDIATE");
      assertFails(Kind.IN_USE, () -> journal.append(List.of(entry())), "journal.db");
      foreign.execute("ROLLBACK");
      assertThat(journal.append(List.of(entry()))).isEqualTo(1);
    }
  }

  @Test
  void a_state_directory_that_is_none_is_named() throws Exception {
    Path file = Files.writeString(dir.resolve("file"), "not a directory");
    assertFails(Kind.UNREADABLE, () -> SqliteJournal.open(file), "--state");
    assertFails(Kind.UNREADABLE, () -> SqliteJournal.open(file.resolve("below")), "--state");
  }

  @Test
  void a_file_that_is_no_journal_is_left_as_it_is() throws Exception {
    String text = "this was never a database, but it is long enough to look at ".repeat(40);
    Files.writeString(dir.resolve("journal.db"), text);
    assertFails(Kind.DAMAGED, () -> SqliteJournal.open(dir), "backup");
    assertThat(Files.readString(dir.resolve("journal.db"))).isEqualTo(text);
  }

  @Test
  void a_damaged_page_is_found_when_it_is_opened() throws Exception {
    try (Journal journal = open()) {
      for (int i = 0; i < 200; i++) {
        journal.append(List.of(entry(), entry(), entry()));
      }
    }
    byte[] bytes = Files.readAllBytes(dir.resolve("journal.db"));
    for (int i = bytes.length / 2; i < bytes.length / 2 + 9000; i++) {
      bytes[i] = (byte) 0xA5;
    }
    Files.write(dir.resolve("journal.db"), bytes);
    assertFails(Kind.DAMAGED, () -> SqliteJournal.open(dir), "journal.db");
  }

  @Test
  void a_missing_entry_or_an_unknown_fact_stops_the_replay() throws Exception {
    open().close();
    insert(1, "{}");
    try (Journal journal = open()) {
      assertFails(Kind.DAMAGED, () -> journal.replay(entry -> {}), "entry 1");
    }
    Path other = dir.resolve("other");
    SqliteJournal.open(other).close();
    try (Connection raw =
            DriverManager.getConnection("jdbc:sqlite:" + other.resolve("journal.db"));
        Statement statement = raw.createStatement()) {
      statement.execute("INSERT INTO entry VALUES (2, 'a', '{}')");
    }
    try (Journal journal = SqliteJournal.open(other)) {
      assertFails(Kind.DAMAGED, () -> journal.replay(entry -> {}), "entry 1 is missing");
    }
  }

  @Test
  void a_journal_of_a_newer_salvor_is_refused() throws Exception {
    open().close();
    try (Connection raw = DriverManager.getConnection("jdbc:sqlite:" + dir.resolve("journal.db"));
        Statement statement = raw.createStatement()) {
      statement.execute("PRAGMA user_version = 99");
    }
    assertFails(Kind.UNREADABLE, () -> SqliteJournal.open(dir), "version 99");
    assertFails(Kind.UNREADABLE, () -> SqliteJournal.open(dir), "newer Salvor");
  }

  @Test
  void the_library_unpacks_itself_into_the_state_directory() throws Exception {
    open().close();
    assertThat(System.getProperty("org.sqlite.tmpdir")).isEqualTo(dir.resolve("tmp").toString());
  }

  private void insert(long number, String fact) throws SQLException {
    try (Connection raw = DriverManager.getConnection("jdbc:sqlite:" + dir.resolve("journal.db"));
        Statement statement = raw.createStatement()) {
      statement.execute("INSERT INTO entry VALUES (%d, 'a', '%s')".formatted(number, fact));
    }
  }

  private static void assertFails(Kind kind, ThrowingCallable action, String words) {
    assertThatThrownBy(action)
        .isInstanceOfSatisfying(
            JournalException.class, e -> assertThat(e.kind()).as(e.getMessage()).isEqualTo(kind))
        .hasMessageContaining(words);
  }

  private static Journal.Entry entry() {
    return new Journal.Entry(
        new RunId("a"), new Fact.Approved(Instant.EPOCH, "someone ".repeat(20)));
  }
}
