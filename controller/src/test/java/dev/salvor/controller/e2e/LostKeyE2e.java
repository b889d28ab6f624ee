package dev.salvor.controller.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.controller.testing.Needs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Somebody wiped the agent's identity off the box's disk: its token is spent, and its key is gone.
class LostKeyE2e {
  private static final long BOX = 7001;

  @BeforeAll
  static void tools() {
    List.of("unshare", "ssh", "ssh-keygen").forEach(Needs::tool);
  }

  @Test
  void the_box_is_given_a_new_token_by_ssh_and_its_run_comes_home() throws Exception {
    Assumptions.assumeTrue(Boolean.getBoolean("salvor.full"), "only in the full check");
    try (Place place = Place.open()) {
      Cli demo =
          place.start(
              "demo", "--job", ShellJob.saving(20), "--outbid-at", "never", "--output", "json");
      demo.until("a checkpoint is home", () -> !new Ending(place).stored().isEmpty());
      Path home = place.disk(BOX).resolve("root/.salvor");
      erase(home.resolve("identity"));
      startAgain(place);
      demo.until("a new token lies there", () -> Files.exists(home.resolve("join-token")));
      // Refused, it would ask again in a minute.
      startAgain(place);
      place.noteListeners();

      Cli.Ended ended = demo.ended();
      assertThat(ended.code()).as(ended.err()).isZero();
      assertThat(ended.json().at("/run/phase").asText()).isEqualTo("DONE");
      assertThat(ended.json().at("/run/cargo/frontierStep").asLong()).isEqualTo(20);
      assertThat(place.run("explain").out() + ended.err()).contains("lost its key", "by ssh");
      new Ending(place).receiptsVerify().rentedOnceAndGivenBackAfterItsReceipts().nothingIsLeft();
    }
  }

  private static void startAgain(Place place) {
    assertThat(place.census().agents()).isNotEmpty().allMatch(Census.Found::kill);
  }

  private static void erase(Path dir) throws IOException {
    try (Stream<Path> all = Files.walk(dir)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
