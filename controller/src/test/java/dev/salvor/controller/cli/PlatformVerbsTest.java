package dev.salvor.controller.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.controller.desk.Desk;
import dev.salvor.controller.desk.FakeBridge;
import dev.salvor.controller.desk.StateDir;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Verbs that ask a platform, and which one.
final class PlatformVerbsTest {
  private static final String STAT =
      "Error response from daemon: exec: \"bash -c 'git clone x'\": stat bash -c 'git clone x': no"
          + " such file or directory: unknown";

  @TempDir Path temp;

  @Test
  void a_run_is_not_rented_at_another_platform_than_its_controller_works_with() throws Exception {
    StateDir dir = new StateDir(temp.resolve("s"));
    try (Desk.Claim claim = Desk.claim(dir);
        Desk _ = claim.open(new FakeBridge())) {
      Files.writeString(dir.platform(), "https://console.vast.ai\n");
      Terminal terminal = terminal(FakeAccount.at("http://127.0.0.1:9"));
      assertThat(terminal.type("run", "--no-sync", "--", "echo hi")).isEqualTo(2);
      assertThat(terminal.err())
          .contains("Cannot use http://127.0.0.1:9", "works with https://console.vast.ai")
          .contains("another --state-dir");
      assertThat(dir.accountKey()).as("its key goes nowhere").doesNotExist();
    }
  }

  @Test
  void the_runtimes_words_are_explained_from_the_status_and_from_the_log() {
    Terminal status = terminal(FakeAccount.saying(STAT, "some line"));
    assertThat(status.type("logs", "7001")).isZero();
    assertThat(status.out()).isEqualTo("some line\n");
    assertThat(status.err()).containsOnlyOnce("give the command as args");
    Terminal log = terminal(FakeAccount.saying("exited", "starting", STAT));
    assertThat(log.type("logs", "7001")).isZero();
    assertThat(log.err()).containsOnlyOnce("give the command as args");
    Terminal well = terminal(FakeAccount.saying("success, running x", "step 1"));
    assertThat(well.type("logs", "7001")).isZero();
    assertThat(well.err()).doesNotContain("cannot start");
  }

  private Terminal terminal(FakeAccount account) {
    Wiring wiring =
        new Wiring(
            options -> 69,
            options -> 69,
            dir -> new FakeBridge(),
            (session, dir) -> account,
            (options, told) -> List.of(),
            (place, run, step, to) -> Optional.empty(),
            Terminal.NO_RECEIPTS,
            Terminal.NO_SPECS);
    return new Terminal(
        temp, false, Map.of("SALVOR_STATE_DIR", temp.resolve("s").toString()), wiring);
  }
}
