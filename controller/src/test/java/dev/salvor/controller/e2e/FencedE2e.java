package dev.salvor.controller.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.salvor.controller.testing.Needs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// A box that the run has left comes back while its successor trains.
class FencedE2e {
  private static final long FIRST = 7001;
  private static final long ASIDE = 99;

  @BeforeAll
  static void tools() {
    List.of("unshare", "rsync", "ssh", "ssh-keygen").forEach(Needs::tool);
  }

  @Test
  void it_hears_that_it_is_fenced_sends_what_is_newer_and_runs_no_job() throws Exception {
    Assumptions.assumeTrue(Boolean.getBoolean("salvor.full"), "only in the full check");
    try (Place place = Place.open()) {
      Cli demo =
          place.start("demo", "--keep", "--job", ShellJob.saving(45), "--outbid-at", "never");
      Sabotage.arm(
          place,
          """
          {"kind":"outbid","factor":4,"rival_stays_s":15,\
          "trigger":{"path_regex":"step[-_](\\\\d+)","reaches":3}}\
          """);
      demo.until("the second box's job has saved", () -> saved(place, FIRST + 1));
      furtherOn(place);
      Owner.start(place, FIRST);

      demo.until(
          "the newer checkpoint is kept aside",
          () -> new Ending(place).stored().stream().anyMatch(FencedE2e::aside));
      demo.until("it was told", () -> notices(place).stream().anyMatch(FencedE2e::offered));
      demo.until("it is stopped again", () -> stops(place) >= 2);

      assertThat(demo.runs()).as("the second box trains on").isTrue();
      assertThat(frontier(place)).isLessThan(ASIDE);
      assertThat(place.disk(FIRST).resolve("root/.salvor/boot")).hasContent("2\n");
      assertThat(place.disk(FIRST).resolve("root/.salvor/job/boot-2")).doesNotExist();
      String story = place.run("explain").out();
      assertThat(story)
          .contains("agent on rental 1.1, boot 2, joined")
          .contains("tell the box of rental 1.1 that it is fenced")
          .contains("rental 2.1 is the run's present box")
          .contains("copy out the checkpoint at step 99")
          .contains("keep the checkpoint at step 99 aside")
          .doesNotContain("job runs on rental 1.1, boot 2");

      assertThat(place.run("approve", "demo").code()).isZero();
      Cli.Ended ended = demo.ended();
      assertThat(ended.code()).as(ended.err()).isZero();
      assertThat(frontier(place)).isEqualTo(45);
      assertThat(place.market().rented()).hasSize(2);
      new Ending(place).receiptsVerify();
    }
  }

  /// As if it had trained on while nobody could hear it.
  private static void furtherOn(Place place) throws Exception {
    Path ckpt = place.disk(FIRST).resolve("workspace/ckpt");
    byte[] weights = Files.readAllBytes(ckpt.resolve("step_00000003.safetensors"));
    weights[weights.length - 1] ^= 1;
    Path part = Files.write(ckpt.resolve(".tmp-99"), weights);
    Files.move(part, ckpt.resolve("step_%08d.safetensors".formatted(ASIDE)));
  }

  private static boolean saved(Place place, long instance) throws Exception {
    Path ckpt = place.disk(instance).resolve("workspace/ckpt");
    return Files.exists(ckpt.resolve("step_00000005.safetensors"));
  }

  private static boolean aside(Ending.Stored unit) {
    return unit.generation() == 1 && unit.step() == ASIDE;
  }

  private static boolean offered(String notice) {
    return notice.contains("trained to step 99");
  }

  private static long stops(Place place) throws Exception {
    return place.market().of("stop").stream().filter(e -> e.instance() == FIRST).count();
  }

  private static long frontier(Place place) throws Exception {
    return status(place).at("/cargo/frontierStep").asLong();
  }

  private static List<String> notices(Place place) throws Exception {
    return status(place).path("notices").findValuesAsText("what");
  }

  private static JsonNode status(Place place) throws Exception {
    return place.run("status", "--output", "json").json();
  }
}
