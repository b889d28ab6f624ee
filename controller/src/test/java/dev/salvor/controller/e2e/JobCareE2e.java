package dev.salvor.controller.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.controller.testing.Needs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// A job that is killed once and started again by order, that is handed a secret, is looked at
/// while it runs, and is asked for a checkpoint.
class JobCareE2e {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String SECRET = "correct-horse-battery-staple";

  private static final String JOB =
      """
      mkdir -p /workspace/ckpt; echo "token $API_TOKEN, start $SALVOR_START"
      [ "$SALVOR_START" = 1 ] && kill -9 $$
      [ ${#API_TOKEN} = 28 ] || exit 3
      save() {
        { printf '\\x38\\0\\0\\0\\0\\0\\0\\0'
          printf '%-56s%08d' '{"a":{"dtype":"U8","shape":[8],"data_offsets":[0,8]}}' 7
        } >/workspace/ckpt/.tmp-7
        mv /workspace/ckpt/.tmp-7 /workspace/ckpt/step_7.safetensors; echo "step 7 saved on demand"
      }
      trap save USR1
      i=0
      until [ -e /workspace/ckpt/step_7.safetensors ]; do i=$((i + 1)); echo "tick $i"; sleep 0.2; done
      sleep 3; echo finished >/work/summary.txt
      """;

  @BeforeAll
  static void tools() {
    Assumptions.assumeTrue(Boolean.getBoolean("salvor.full"), "only in the full check");
    Needs.tool("unshare");
  }

  @Test
  void it_is_started_again_looked_at_and_asked_and_its_secret_stays_one() throws Exception {
    try (Place place = Place.open()) {
      Cli demo =
          place.startIn(
              List.of("env", "API_TOKEN=" + SECRET),
              "demo",
              "--job",
              JOB,
              "--outbid-at",
              "never",
              "--secret",
              "API_TOKEN",
              "--listens",
              "SIGUSR1",
              "--output",
              "json");
      demo.until("a box is rented", () -> !place.market().rented().isEmpty());
      demo.until("the job ticks", () -> ticks(place.run("logs").out()).size() >= 8);
      List<Integer> seen = ticks(place.run("logs", "--tail", "8").out());
      // Beats bring a line every second or two: these came by the log itself.
      assertThat(seen)
          .isEqualTo(IntStream.range(seen.getFirst(), seen.getFirst() + 8).boxed().toList());
      assertThat(place.run("logs", "--tail", "500").out()).contains("token ***, start 2");
      Path secrets = place.state().resolve("secrets/demo");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(secrets)))
          .isEqualTo("rw-------");
      assertThat(holdingTheSecret(place)).containsExactly(secrets);
      Cli.Ended asked = place.run("checkpoint", "demo");
      assertThat(asked.code()).as(asked.err()).isZero();

      Cli.Ended ended = demo.ended();
      assertThat(ended.code()).as(ended.err()).isZero();
      assertThat(ended.json().at("/run/cargo/frontierStep").asLong()).isEqualTo(7);
      assertThat(place.run("logs", "--events").out())
          .contains(
              "exit status 137 (killed): ended by SIGKILL",
              "start the job again",
              "start 2",
              "asked the job for a checkpoint",
              "exit status 0 (done)");
      Until.holds(
          "nobody needs the secret any more", PATIENCE, () -> holdingTheSecret(place).isEmpty());
      new Ending(place).receiptsVerify().rentedOnceAndGivenBackAfterItsReceipts().nothingIsLeft();
    }
  }

  private static List<Integer> ticks(String log) {
    return log.lines()
        .filter(line -> line.startsWith("tick "))
        .map(line -> Integer.parseInt(line.substring("tick ".length())))
        .toList();
  }

  /// Every file of this machine's state, not of the box, that holds it in clear.
  private static List<Path> holdingTheSecret(Place place) throws IOException {
    try (Stream<Path> all = Files.walk(place.state())) {
      return all.filter(Files::isRegularFile)
          .filter(file -> !file.startsWith(place.boxes()))
          .filter(JobCareE2e::holdsIt)
          .toList();
    }
  }

  private static boolean holdsIt(Path file) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(SECRET);
    } catch (IOException e) {
      return false;
    }
  }
}
