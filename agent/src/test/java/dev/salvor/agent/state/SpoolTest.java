package dev.salvor.agent.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SpoolTest {
  @TempDir Path dir;

  @Test
  void replays_in_order_after_a_restart_what_was_not_acknowledged() throws IOException {
    try (Spool spool = open()) {
      append(spool, 1, "a");
      append(spool, 2, "b");
      append(spool, 3, "c");
      spool.trim(1);
    }

    try (Spool spool = open()) {
      assertThat(replay(spool, 0)).containsExactly("2b", "3c");
      assertThat(spool.lastSeq()).isEqualTo(3);
      assertThat(spool.ackedSeq()).isEqualTo(1);
      append(spool, 4, "d");
      assertThat(replay(spool, 3)).containsExactly("4d");
    }
  }

  @Test
  void cuts_off_what_a_crash_left_half_written_at_every_byte() throws IOException {
    try (Spool spool = open()) {
      append(spool, 1, "first");
      append(spool, 2, "second");
    }
    byte[] whole = Files.readAllBytes(log());
    int first = 16 + 5;
    for (int cut = first; cut < whole.length; cut++) {
      Files.write(log(), java.util.Arrays.copyOf(whole, cut));
      try (Spool spool = open()) {
        assertThat(replay(spool, 0)).containsExactly("1first");
        append(spool, 2, "again");
        assertThat(replay(spool, 0)).containsExactly("1first", "2again");
      }
    }
  }

  @Test
  void a_log_that_cannot_be_shortened_keeps_every_report() throws IOException {
    try (Spool spool = open()) {
      append(spool, 1, "x".repeat(2 << 20));
      append(spool, 2, "b");
      append(spool, 3, "c");
      // Something in the way, as a full disk is.
      Files.createDirectories(log().resolveSibling("events.tmp").resolve("in the way"));
      spool.trim(1);
      assertThat(replay(spool, 0)).containsExactly("2b", "3c");
      append(spool, 4, "d");
    }
    try (Spool spool = open()) {
      assertThat(replay(spool, 0)).containsExactly("2b", "3c", "4d");
    }
  }

  @Test
  void does_not_trust_a_damaged_record() throws IOException {
    try (Spool spool = open()) {
      append(spool, 1, "first");
      append(spool, 2, "second");
    }
    byte[] bytes = Files.readAllBytes(log());
    bytes[bytes.length - 1] ^= 1;
    Files.write(log(), bytes, StandardOpenOption.TRUNCATE_EXISTING);

    try (Spool spool = open()) {
      assertThat(replay(spool, 0)).containsExactly("1first");
    }
  }

  @Test
  void numbers_go_on_when_everything_was_acknowledged() throws IOException {
    try (Spool spool = open()) {
      append(spool, 1, "a");
      spool.trim(7);
    }
    try (Spool spool = open()) {
      assertThat(spool.lastSeq()).isEqualTo(7);
      assertThat(spool.after(0)).isEmpty();
      assertThat(spool.waitingBytes()).isZero();
    }
  }

  @Test
  void shrinks_once_a_megabyte_is_acknowledged_and_keeps_the_rest() throws IOException {
    String large = "x".repeat(300_000);
    try (Spool spool = open()) {
      for (int seq = 1; seq <= 5; seq++) {
        append(spool, seq, large);
      }
      append(spool, 6, "kept");
      spool.trim(5);
      assertThat(Files.size(log())).isLessThan(1_000);
      append(spool, 7, "new");
    }
    try (Spool spool = open()) {
      assertThat(replay(spool, 0)).containsExactly("6kept", "7new");
    }
  }

  @Test
  void single_reports_can_be_dropped_and_the_others_keep_their_numbers() throws IOException {
    try (Spool spool = open()) {
      for (int seq = 1; seq <= 5; seq++) {
        append(spool, seq, "x");
      }
      long before = spool.waitingBytes();
      spool.drop(Set.of(2L, 4L));
      assertThat(spool.waitingBytes()).isEqualTo(before * 3 / 5);
      append(spool, 6, "y");
    }
    try (Spool spool = open()) {
      assertThat(replay(spool, 0)).containsExactly("1x", "3x", "5x", "6y");
      assertThat(spool.waitingBytes()).isEqualTo(4 * 17);
    }
  }

  @Test
  void same_number_twice_is_kept_once() throws IOException {
    try (Spool spool = open()) {
      append(spool, 1, "a");
      append(spool, 1, "b");
      assertThat(replay(spool, 0)).containsExactly("1a");
    }
  }

  private Spool open() throws IOException {
    return Spool.open(new HomeDir(dir));
  }

  private Path log() {
    return dir.resolve("spool/events");
  }

  private static void append(Spool spool, long seq, String text) throws IOException {
    spool.append(seq, text.getBytes(StandardCharsets.UTF_8));
  }

  private static List<String> replay(Spool spool, long after) throws IOException {
    List<String> seen = new ArrayList<>();
    for (var next = spool.after(after); next.isPresent(); next = spool.after(after)) {
      after = next.get().seq();
      seen.add(after + new String(next.get().content(), StandardCharsets.UTF_8));
    }
    return seen;
  }
}
