package dev.salvor.controller.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.salvor.controller.testing.Needs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Boxes as a real marketplace has them: no agent on them, and no way to this machine but a tunnel
/// that it opens itself.
class TunnelE2e {
  private static final long BOX = 7001;
  private static final String[] DEMO = {
    "demo", "--bare", "--job", ShellJob.saving(24), "--outbid-at", "never", "--output", "json"
  };

  @BeforeAll
  static void tools() {
    Assumptions.assumeTrue(Boolean.getBoolean("salvor.full"), "only in the full check");
    List.of("unshare", "ssh", "ssh-keygen", "tar").forEach(Needs::tool);
  }

  @Test
  void the_agent_is_brought_and_finds_its_controller_through_every_new_tunnel() throws Exception {
    try (Place place = Place.open()) {
      Cli demo = place.start(DEMO);
      demo.until("a checkpoint is home through the tunnel", () -> steps(place) >= 1);
      neitherAgentNorAddressCameWithTheBox(place);

      String first = endpoint(place, "endpoints");
      kill(place, "link");
      demo.until("another port leads home", () -> !endpoint(place, "endpoints").equals(first));
      long before = steps(place);
      demo.until("the agent went through it", () -> steps(place) > before);

      long link = tunnel(place, "link").orElseThrow().pid();
      place.killController();
      Cli.Ended left = demo.ended();
      assertThat(left.code()).as(left.err()).isEqualTo(1);
      Cli again = place.start(DEMO);
      again.until(
          "the left over tunnel is ended and another open",
          () ->
              ProcessHandle.of(link).isEmpty()
                  && tunnel(place, "link").filter(ProcessHandle::isAlive).isPresent());
      place.noteListeners();
      Cli.Ended ended = again.ended();
      assertThat(ended.code()).as(ended.err()).isZero();
      JsonNode run = ended.json().path("run");
      assertThat(run.path("phase").asText()).isEqualTo("DONE");
      assertThat(run.at("/cargo/frontierStep").asLong()).isEqualTo(24);
      new Ending(place).receiptsVerify().rentedOnceAndGivenBackAfterItsReceipts().nothingIsLeft();
    }
  }

  private static void neitherAgentNorAddressCameWithTheBox(Place place) throws IOException {
    Path box = place.disk(BOX).resolveSibling("env");
    assertThat(Files.readString(box)).doesNotContain("SALVOR_ENDPOINTS").contains("SALVOR_RUN");
    assertThat(home(place).resolve("bundle/agent.jar")).exists();
    String own = Files.readString(place.state().resolve("port")).strip();
    assertThat(endpoint(place, "endpoints"))
        .startsWith("127.0.0.1:")
        .isNotEqualTo("127.0.0.1:" + own);
    assertThat(endpoint(place, "endpoints-cargo"))
        .startsWith("127.0.0.1:")
        .isNotEqualTo(endpoint(place, "endpoints"));
  }

  private static long steps(Place place) throws Exception {
    return new Ending(place).stored().stream().filter(Ending.Stored::checkpoint).count();
  }

  private static Path home(Place place) {
    return place.disk(BOX).resolve("root/.salvor");
  }

  private static String endpoint(Place place, String name) throws IOException {
    try {
      return Files.readString(home(place).resolve(name)).strip();
    } catch (NoSuchFileException e) {
      return "";
    }
  }

  private static Optional<ProcessHandle> tunnel(Place place, String name) throws IOException {
    Path note = place.state().resolve("ssh").resolve("tunnel-" + BOX + "-" + name);
    try {
      return ProcessHandle.of(Long.parseLong(Files.readString(note).split(" ", 2)[0]));
    } catch (NoSuchFileException | NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static void kill(Place place, String name) throws IOException {
    assertThat(tunnel(place, name).orElseThrow().destroyForcibly()).isTrue();
  }
}
