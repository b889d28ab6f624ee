package dev.salvor.controller.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.salvor.controller.testing.Needs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// `kill -9` of the controller, then the same command again with the same state directory.
class ControllerKilledE2e {
  private static final String[] DEMO = {
    "demo", "--job", ShellJob.saving(3), "--outbid-at", "never", "--output", "json"
  };

  @BeforeAll
  static void tools() {
    Needs.tool("unshare");
  }

  @Test
  void killed_while_renting_it_finds_what_it_rented() throws Exception {
    Assumptions.assumeTrue(
        Boolean.getBoolean("salvor.full"), "absent in three lists takes minutes");
    try (Place place = Place.open()) {
      Cli demo = place.start(DEMO);
      Sabotage.arm(
          place, "{\"kind\":\"slow_answer\",\"endpoint\":\"create\",\"seconds\":60,\"times\":9}");
      demo.until("it is rented, unanswered", () -> place.market().has("create"));
      place.killController();
      saysHowToGoOn(demo.ended());
      carriesOn(place);
    }
  }

  @Test
  void killed_while_copying_it_copies_the_rest() throws Exception {
    try (Place place = Place.open()) {
      Cli demo = place.start(DEMO);
      demo.until("it is caught copying", () -> caughtCopying(place));
      place.killController();
      saysHowToGoOn(demo.ended());
      carriesOn(place);
    }
  }

  @Test
  void killed_before_the_destroy_it_destroys_by_permit() throws Exception {
    try (Place place = Place.open()) {
      Cli demo = place.start(DEMO);
      Sabotage.arm(place, "{\"kind\":\"http_429\",\"endpoint\":\"destroy\",\"times\":3}");
      demo.until("it was about to destroy", () -> refusedToDestroy(place));
      place.killController();
      assertThat(place.market().has("destroy")).isFalse();
      saysHowToGoOn(demo.ended());
      carriesOn(place);
    }
  }

  private static void saysHowToGoOn(Cli.Ended demo) {
    assertThat(demo.code()).as(demo.err()).isEqualTo(1);
    assertThat(demo.complaint()).contains("did not answer", "the same command again");
  }

  private static void carriesOn(Place place) throws Exception {
    Cli again = place.start(DEMO);
    place.noteListeners();
    Cli.Ended ended = again.ended();
    assertThat(ended.code()).as(ended.err()).isZero();
    assertThat(ended.err()).contains("run demo is carried on");
    JsonNode run = ended.json().path("run");
    assertThat(run.path("phase").asText()).isEqualTo("DONE");
    assertThat(run.at("/cargo/frontierStep").asLong()).isEqualTo(3);
    assertThat(place.market().rented()).hasSize(1);
    assertThat(new Ending(place).stored()).anyMatch(unit -> !unit.checkpoint());
    new Ending(place).receiptsVerify().rentedOnceAndGivenBackAfterItsReceipts().nothingIsLeft();
  }

  /// Held still first, so that what is seen is what is killed: a copy that has begun and not ended.
  private static boolean caughtCopying(Place place) throws Exception {
    if (staged(place).isEmpty()) {
      return false;
    }
    signal("STOP", place);
    if (staged(place).isEmpty()) {
      signal("CONT", place);
      return false;
    }
    return true;
  }

  private static List<Path> staged(Place place) throws IOException {
    Path staging = place.state().resolve("staging");
    if (!Files.exists(staging)) {
      return List.of();
    }
    try (Stream<Path> all = Files.walk(staging)) {
      return all.filter(path -> path.toString().contains("/data/"))
          .filter(Files::isRegularFile)
          .toList();
    } catch (IOException | UncheckedIOException _) {
      return List.of();
    }
  }

  private static boolean refusedToDestroy(Place place) throws IOException {
    return place.market().of("fault").stream()
        .anyMatch(e -> e.detail().path("endpoint").asText().equals("destroy"));
  }

  private static void signal(String name, Place place) throws Exception {
    String pid = Long.toString(place.controller().orElseThrow());
    assertThat(new ProcessBuilder("kill", "-" + name, pid).start().waitFor()).isZero();
  }
}
