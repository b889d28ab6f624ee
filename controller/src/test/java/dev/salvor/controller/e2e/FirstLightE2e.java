package dev.salvor.controller.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.salvor.controller.testing.Needs;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The main job: a training run is outbid in the middle, is saved, goes on elsewhere, comes home.
class FirstLightE2e {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @BeforeAll
  static void tools() {
    List.of("unshare", "rsync", "ssh", "ssh-keygen").forEach(Needs::tool);
  }

  @Test
  void vast04_outbid_training_goes_on_from_its_newest_checkpoint() throws Exception {
    try (Place place = Place.open();
        Witness witness = Witness.watch(place.boxes())) {
      Cli demo = place.start("demo", "--steps", "400", "--output", "json");
      demo.until("a box runs", place.market()::ran);
      answersASecondTerminal(place);
      place.noteListeners();
      endsWell(place, witness, demo.ended(), 400);
    }
  }

  @Test
  void the_same_with_pytorch() throws Exception {
    Assumptions.assumeTrue(Boolean.getBoolean("salvor.full"), "only in the full check");
    Needs.that(hasTorch(), "/usr/bin/python3 has no torch");
    String job =
        "/usr/bin/python3 /opt/salvor/examples/pytorch/train.py --steps 400 --every 40 --threads 1"
            + " --pace-ms 12 --out /workspace/ckpt --results /work";
    try (Place place = Place.open();
        Witness witness = Witness.watch(place.boxes())) {
      Cli demo = place.start("demo", "--outbid-at", "160", "--job", job, "--output", "json");
      demo.until("a box runs", place.market()::ran);
      place.noteListeners();
      endsWell(place, witness, demo.ended(), 400);
    }
  }

  private static void endsWell(Place place, Witness witness, Cli.Ended demo, long steps)
      throws Exception {
    assertThat(demo.code()).as(demo.err()).isZero();
    JsonNode summary = demo.json();
    assertThat(summary.path("run").path("phase").asText()).isEqualTo("DONE");
    assertThat(summary.path("run").path("boxes")).isEmpty();
    assertThat(summary.path("losses")).hasSize(1);
    JsonNode loss = summary.path("losses").path(0);
    assertThat(loss.path("why").asText()).contains("outbid");
    resumed(place, witness, loss.path("resumedAtStep").asLong());
    broughtHome(place, summary, steps);
    new Ending(place)
        .receiptsVerify()
        .filesAreWhatTheJobWrote(witness)
        .rentedOnceAndGivenBackAfterItsReceipts()
        .nothingIsLeft();
  }

  /// The second box began with the checkpoint that it was said to, and trained none before it.
  private static void resumed(Place place, Witness witness, long at) throws IOException {
    assertThat(at).isPositive();
    assertThat(place.market().of("fault"))
        .anySatisfy(e -> assertThat(e.detail().path("fault").asText()).isEqualTo("outbid"));
    List<Long> instances =
        place.market().of("create").stream().map(MarketLog.Entry::instance).toList();
    assertThat(instances).hasSize(2);
    Set<Long> first = witness.steps(instances.getFirst());
    Set<Long> second = witness.steps(instances.getLast());
    assertThat(first).contains(at);
    assertThat(second).contains(at).allMatch(step -> step >= at).hasSizeGreaterThan(1);
  }

  private static void broughtHome(Place place, JsonNode summary, long steps) throws IOException {
    List<Ending.Stored> stored = new Ending(place).stored();
    assertThat(stored).hasSize(summary.path("homes").size());
    assertThat(stored).anyMatch(unit -> unit.checkpoint() && unit.step() == steps);
    assertThat(stored).anyMatch(unit -> !unit.checkpoint());
  }

  /// While the run goes on, another terminal is told the same, for people and for programs.
  private static void answersASecondTerminal(Place place) throws Exception {
    Cli.Ended ps = place.run("ps");
    assertThat(ps.code()).as(ps.err()).isZero();
    assertThat(ps.out()).contains("demo");
    Until.holds(
        "the job has named a step",
        PATIENCE,
        () -> place.run("status", "--output", "json").json().at("/progress/step").asLong() > 0);
    assertThat(place.run("ps", "--output", "json").json().at("/runs/0/run").asText())
        .isEqualTo("demo");
    assertThat(place.run("status").out()).contains("run demo", "frontier", "exposure");
    assertThat(place.run("logs").out()).contains("step ");
    assertThat(place.run("logs", "--output", "json").json().path("lines")).isNotEmpty();
    assertThat(place.run("explain").out()).contains("rent 1 x", "because");
    assertThat(place.run("explain", "--output", "json").json().path("decisions")).isNotEmpty();
  }

  private static boolean hasTorch() throws IOException, InterruptedException {
    try {
      Process python = new ProcessBuilder("/usr/bin/python3", "-c", "import torch").start();
      return python.waitFor(60, TimeUnit.SECONDS) && python.exitValue() == 0;
    } catch (IOException _) {
      return false;
    }
  }
}
