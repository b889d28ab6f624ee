package dev.salvor.controller.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.controller.testing.Needs;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// `salvor run --shell`: a box of one's own to type on, which stays when one leaves.
class RunShellE2e {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  /// Types on a terminal of its own.
  private static final String TYPED =
      "script -qec \"$(printf '%q ' \"$@\")\" /dev/null <<<'tty; pwd; cat hello.txt; exit 0'";

  @BeforeAll
  static void tools() {
    Assumptions.assumeTrue(Boolean.getBoolean("salvor.full"), "only in the full check");
    List.of("unshare", "ssh", "ssh-keygen", "rsync", "env", "script").forEach(Needs::tool);
  }

  @Test
  void a_box_is_rented_entered_with_the_directory_on_it_and_kept() throws Exception {
    try (Place place = Place.open();
        Bazaar bazaar = Bazaar.open(place)) {
      Files.writeString(bazaar.project().resolve("hello.txt"), "hello from here\n");
      Cli.Ended shell = typed(bazaar).ended();
      assertThat(shell.code()).as(shell.out() + shell.err()).isZero();
      assertThat(shell.out())
          .contains("/dev/pts/", "/app", "hello from here")
          .contains("instance 7001 goes on (run demo), at $", "'salvor destroy 7001' ends it");
      assertThat(place.market().of("destroy")).isEmpty();

      Cli.Ended destroyed = bazaar.type("destroy", Bazaar.RUN, "--wind-down").ended();
      assertThat(destroyed.code()).as(destroyed.err()).isZero();
      Until.holds("the disk is gone", PATIENCE, () -> place.market().has("destroyed"));
      Until.holds(
          "the controller has seen that it is gone",
          PATIENCE,
          () -> place.run("status", "--output", "json").json().path("boxes").isEmpty());
      bazaar.shut();
      place.assertNothingLeft();
    }
  }

  private static Cli typed(Bazaar bazaar) throws IOException {
    return bazaar.typeUnder(
        List.of("bash", "-c", TYPED, "bash"), "run", "--shell", "--job", Bazaar.RUN);
  }
}
