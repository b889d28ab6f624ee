package dev.salvor.controller.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.salvor.controller.testing.Needs;
import java.nio.file.Files;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// A demo whose box is kept, and what a second terminal does with it afterwards.
class KeepE2e {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  @BeforeAll
  static void tools() {
    Needs.tool("unshare");
  }

  @Test
  void a_kept_box_is_destroyed_by_permit_once_somebody_says_so() throws Exception {
    try (Place place = Place.open()) {
      Cli.Ended demo =
          place.run("demo", "--keep", "--job", ShellJob.saving(1), "--outbid-at", "never");
      assertThat(demo.code()).as(demo.err()).isZero();
      assertThat(demo.err()).contains("still there: instance 7001", "salvor destroy demo");
      place.noteListeners();
      JsonNode kept = place.run("status", "--output", "json").json();
      assertThat(kept.path("phase").asText()).isEqualTo("DONE");
      assertThat(kept.path("boxes")).hasSize(1);

      Cli.Ended approved = place.run("approve", "demo", "--output", "json");
      assertThat(approved.code()).as(approved.err()).isZero();
      assertThat(approved.json().path("run").asText()).isEqualTo("demo");
      Cli.Ended destroyed = place.run("destroy", "demo");
      assertThat(destroyed.code()).as(destroyed.err()).isZero();
      Until.holds("the disk is gone", PATIENCE, () -> place.market().has("destroyed"));
      Until.holds(
          "the controller has seen that it is gone",
          PATIENCE,
          () -> place.run("status", "--output", "json").json().path("boxes").isEmpty());
      assertThat(place.run("explain").out()).contains("destroy instance 7001", "has a receipt");

      closeTheMarket(place);
      new Ending(place).receiptsVerify().rentedOnceAndGivenBackAfterItsReceipts().nothingIsLeft();
    }
  }

  /// As the demo said that it is done.
  private static void closeTheMarket(Place place) throws Exception {
    long market = Long.parseLong(Files.readString(place.state().resolve("market.pid")).strip());
    assertThat(ProcessHandle.of(market).orElseThrow().destroy()).isTrue();
  }
}
