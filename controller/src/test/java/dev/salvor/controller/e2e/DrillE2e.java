package dev.salvor.controller.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.controller.testing.Needs;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// A box that runs is stopped and started on purpose, to see whether its job survives that.
class DrillE2e {
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  @BeforeAll
  static void tools() {
    Assumptions.assumeTrue(Boolean.getBoolean("salvor.full"), "only in the full check");
    List.of("unshare", "ssh", "ssh-keygen", "rsync").forEach(Needs::tool);
  }

  @Test
  void a_job_that_goes_on_from_what_it_saved_is_told_from_one_that_begins_anew() throws Exception {
    String goesOn = ShellJob.resuming(200);
    assertThat(drilled(goesOn)).contains("and went on from what it had saved: step");
    assertThat(drilled(ShellJob.saving(200))).contains("but did not go on from what it had saved");
  }

  private static String drilled(String job) throws Exception {
    try (Place place = Place.open()) {
      Cli demo = place.start("demo", "--job", job, "--outbid-at", "never");
      Ending ending = new Ending(place);
      demo.until(
          "a later checkpoint is home",
          () -> ending.stored().stream().anyMatch(unit -> unit.step() >= 5));
      Cli.Ended asked = place.run("drill", "demo", "--yes");
      assertThat(asked.code()).as(asked.err()).isZero();
      Until.holds(
          "the drill is over",
          PATIENCE,
          () -> place.run("explain", "demo").out().contains("end the drill"));
      String told = place.run("explain", "demo").out();
      assertThat(told).contains("start it again", "boot 2, joined");
      Cli.Ended ends = place.run("destroy", "demo", "--wind-down");
      assertThat(ends.code()).as(ends.err()).isZero();
      int _ = demo.ended().code();
      assertThat(place.market().rented()).containsOnlyKeys(1);
      ending.receiptsVerify().nothingIsLeft();
      return told;
    }
  }
}
