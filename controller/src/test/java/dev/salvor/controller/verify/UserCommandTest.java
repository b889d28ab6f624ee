package dev.salvor.controller.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.salvor.common.checkpoint.Completeness;
import dev.salvor.common.checkpoint.FileEntry;
import dev.salvor.common.checkpoint.Manifest;
import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.checkpoint.UnitId;
import dev.salvor.common.checkpoint.UnitKind;
import dev.salvor.common.format.Verdict;
import dev.salvor.common.unit.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class UserCommandTest {
  private static final byte[] STATE = "{\"step\": 3}".getBytes(StandardCharsets.UTF_8);

  @TempDir Path temp;
  private Path data = Path.of("unset");

  @BeforeEach
  void write_the_unit() throws IOException {
    data = Files.createDirectories(temp.resolve("it's a copy"));
    Files.write(data.resolve("state.json"), STATE);
  }

  private static Unit unit(byte[] content) {
    FileEntry entry = new FileEntry("state.json", content.length, Sha256.of(content));
    Manifest manifest = new Manifest("/work/ckpt", List.of(entry));
    UnitId id = new UnitId(1, 1, 1, manifest.digest());
    return new Unit(
        id, UnitKind.CHECKPOINT, "json", 3, Completeness.COMMITTED, manifest, Instant.EPOCH);
  }

  private Verification verified(String command) throws IOException {
    return verified(command, Duration.ofSeconds(20));
  }

  private Verification verified(String command, Duration timeout) throws IOException {
    return new Verifier()
        .verify(unit(STATE), data, false, Optional.of(new UserCheck(command, timeout)));
  }

  @Test
  void a_command_that_agrees_is_one_more_check_in_the_receipt() throws IOException {
    Verification proof = verified("grep -q step {path}/state.json");
    assertThat(proof.accepted()).as(proof.toString()).isTrue();
    assertThat(proof.checks()).contains("sha256", "formats", "user-command");
  }

  @Test
  void a_command_that_fails_blocks_the_receipt_and_its_words_are_told() throws IOException {
    Verification proof = verified("echo no such layer; exit 3");
    assertThat(proof.verdict()).isEqualTo(Verdict.REJECT_CORRUPT);
    assertThat(proof.reasons().getFirst()).contains("ended with 3").contains("no such layer");
  }

  @Test
  void a_command_that_does_not_end_is_killed_with_all_it_started() throws IOException {
    Path pid = temp.resolve("pid");
    String sleeper = "sleep 600 & echo $! > " + pid + "; wait";
    Verification proof = verified(sleeper, Duration.ofSeconds(2));
    assertThat(proof.reasons().getFirst()).contains("did not end within 2 s");
    long sleeping = Long.parseLong(Files.readString(pid).strip());
    assertThat(isGone(sleeping)).isTrue();
  }

  @Test
  void what_a_command_leaves_running_does_not_outlive_it() throws IOException {
    Path pid = temp.resolve("pid");
    assertThat(verified("sleep 600 >/dev/null 2>&1 & echo $! > " + pid).accepted()).isTrue();
    long sleeping = Long.parseLong(Files.readString(pid).strip());
    assertThat(isGone(sleeping)).isTrue();
  }

  /// Killed is what has ended, also where nobody has asked for its status yet.
  private static boolean isGone(long pid) throws IOException {
    long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (System.nanoTime() < end) {
      Path stat = Path.of("/proc/" + pid + "/stat");
      boolean alive = ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent();
      if (!alive || (Files.exists(stat) && Files.readString(stat).contains(") Z "))) {
        return true;
      }
      Thread.onSpinWait();
    }
    return false;
  }

  @Test
  void a_command_that_changes_the_copy_has_spoilt_it() throws IOException {
    assertThat(verified("touch {path}/more").reasons().getFirst()).contains("changed the copy");
  }

  @Test
  void a_command_gets_no_keys_of_ours() throws IOException {
    Verification proof = verified("env; exit 1");
    assertThat(proof.reasons().getFirst())
        .contains("PATH=")
        .doesNotContain("VAST")
        .contains("PYTHONDONT");
  }

  @Test
  void what_is_refused_already_is_not_shown_to_the_command() throws IOException {
    Path ran = temp.resolve("ran");
    UserCheck check = new UserCheck("touch " + ran, Duration.ofSeconds(20));
    Unit other = unit("{\"step\": 4}".getBytes(StandardCharsets.UTF_8));
    assertThat(new Verifier().verify(other, data, false, Optional.of(check)).accepted()).isFalse();
    assertThat(ran).doesNotExist();
  }

  @Test
  void a_check_without_command_or_time_is_a_mistake() {
    assertThatThrownBy(() -> new UserCheck(" ", Duration.ofSeconds(1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new UserCheck("true", Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
