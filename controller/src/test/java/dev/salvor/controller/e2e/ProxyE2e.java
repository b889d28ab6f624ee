package dev.salvor.controller.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.controller.testing.Needs;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// A box that only the platform's ssh proxy leads to, and a directory that is too large for it.
class ProxyE2e {
  private static final long FIRST = 7001;
  private static final long LARGE = 1_100_000_000L;

  @BeforeAll
  static void tools() {
    Assumptions.assumeTrue(Boolean.getBoolean("salvor.full"), "only in the full check");
    List.of("unshare", "ssh", "ssh-keygen", "rsync", "env").forEach(Needs::tool);
  }

  @Test
  void vast08_what_is_too_much_for_the_slow_proxy_is_not_sent_through_it() throws Exception {
    try (Place place = Place.open();
        Bazaar bazaar = Bazaar.open(place, "no_ports,times=99")) {
      try (RandomAccessFile file =
          new RandomAccessFile(bazaar.project().resolve("large.bin").toFile(), "rw")) {
        file.setLength(LARGE);
      }
      Cli refused = bazaar.run("true\n");
      refused.until("the box is left for another", () -> place.market().rented().containsKey(2));
      Cli.Ended why = place.run("explain");
      assertThat(why.out())
          .contains("reached by the platform's slow proxy only", "1100 MB", "--allow-proxy");
      refused.pressCtrlC();
      assertThat(refused.ended().code()).isEqualTo(130);
      assertThat(place.market().of("destroy")).anyMatch(entry -> entry.instance() == FIRST);

      Files.writeString(bazaar.project().resolve("tasks.txt"), "stat -c %s large.bin\n");
      Cli.Ended allowed =
          bazaar.type("run", "--tasks", "tasks.txt", "--job", "allowed", "--allow-proxy").ended();
      assertThat(allowed.code()).as(allowed.err()).isZero();
      assertThat(allowed.out()).isEqualTo(LARGE + "\n");
    }
  }
}
