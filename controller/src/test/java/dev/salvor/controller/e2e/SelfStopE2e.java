package dev.salvor.controller.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.salvor.controller.testing.Needs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The controller is gone for longer than a box may spend money without one: the box stops itself,
/// by the platform's own key, and the controller that comes back tells one story.
class SelfStopE2e {
  /// Half a minute without a word, then a call to the market.
  private static final Duration STOPS = Duration.ofMinutes(2);

  @BeforeAll
  static void tools() {
    List.of("unshare", "rsync", "ssh", "ssh-keygen").forEach(Needs::tool);
  }

  @Test
  void a_job_that_ended_while_nobody_answered_comes_home_from_a_box_that_stopped_itself()
      throws Exception {
    Assumptions.assumeTrue(Boolean.getBoolean("salvor.full"), "only in the full check");
    String[] command = {
      "demo", "--job", ShellJob.saving(4), "--outbid-at", "never", "--output", "json"
    };
    try (Place place = Place.open()) {
      Cli demo = place.startIn(List.of("env", "SALVOR_UNATTENDED=5s"), command);
      demo.until("the job has saved", () -> saved(place, "workspace/ckpt"));
      awayUntilItStopped(place, demo);
      assertThat(place.disk(7001).resolve("work/summary.txt")).exists();

      Cli.Ended back = place.run(command);

      assertThat(back.code()).as(back.err()).isZero();
      assertThat(back.json().at("/run/phase").asText()).isEqualTo("DONE");
      assertThat(back.json().at("/run/cargo/frontierStep").asLong()).isEqualTo(4);
      assertThat(place.market().rented()).hasSize(1);
      String story = place.run("explain").out();
      assertThat(story)
          .contains("job ended: exit status 0")
          .contains("rental 1.1 stopped itself at", "no controller answered since")
          .contains("it had no job to run since", "grace 5S")
          .contains("the paused disk was listed whole")
          .contains("destroyed by permit");
      assertThat(notices(place)).anyMatch(n -> n.contains("stopped itself") && n.contains("bills"));
      new Ending(place).receiptsVerify().rentedOnceAndGivenBackAfterItsReceipts().nothingIsLeft();
    }
  }

  @Test
  void a_lease_that_ends_in_the_middle_of_the_training_costs_no_checkpoint() throws Exception {
    Assumptions.assumeTrue(Boolean.getBoolean("salvor.full"), "only in the full check");
    String[] command = {"demo", "--steps", "4500", "--outbid-at", "never", "--output", "json"};
    try (Place place = Place.open();
        Witness witness = Witness.watch(place.boxes())) {
      Cli demo = place.startIn(List.of("env", "SALVOR_LEASE=5s"), command);
      demo.until("the job has saved", () -> saved(place, "workspace/ckpt"));
      awayUntilItStopped(place, demo);
      long reached = witness.steps(7001).stream().mapToLong(Long::longValue).max().orElse(0);
      assertThat(reached).isBetween(300L, 4_200L);

      Cli.Ended back = place.run(command);

      assertThat(back.code()).as(back.err()).isZero();
      assertThat(back.json().at("/run/phase").asText()).isEqualTo("DONE");
      assertThat(back.json().at("/run/cargo/frontierStep").asLong()).isEqualTo(4_500);
      assertThat(witness.steps(7002)).contains(reached).allMatch(step -> step >= reached);
      String story = place.run("explain").out();
      assertThat(story)
          .contains("rental 1.1 stopped itself at", "and its lease ended at")
          .contains("go on elsewhere from the frontier");
      new Ending(place).receiptsVerify().filesAreWhatTheJobWrote(witness).nothingIsLeft();
    }
  }

  /// `kill -9` of the controller, and nobody else does anything.
  private static void awayUntilItStopped(Place place, Cli demo) throws Exception {
    place.killController();
    assertThat(demo.ended().code()).isEqualTo(1);
    assertThat(place.market().has("stop")).isFalse();
    Until.holds("the box has stopped itself", STOPS, () -> place.market().has("stop"));
    Until.holds("nothing runs in it", STOPS, () -> place.census().agents().isEmpty());
    assertThat(place.market().has("destroy")).isFalse();
  }

  private static boolean saved(Place place, String folder) throws Exception {
    Path ckpt = place.disk(7001).resolve(folder);
    if (!Files.isDirectory(ckpt)) {
      return false;
    }
    try (var all = Files.list(ckpt)) {
      return all.anyMatch(path -> path.getFileName().toString().startsWith("step"));
    }
  }

  private static List<String> notices(Place place) throws Exception {
    JsonNode status = place.run("status", "--output", "json").json();
    return status.path("notices").findValuesAsText("what");
  }
}
