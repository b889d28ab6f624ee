package dev.salvor.controller.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.controller.testing.Needs;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Boxes that no run has, or that a run has left to its user.
class StrangerE2e {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  @BeforeAll
  static void tools() {
    List.of("unshare", "ssh", "ssh-keygen", "rsync", "env").forEach(Needs::tool);
  }

  @Test
  void one_that_salvor_did_not_rent_is_copied_from_and_given_up_in_so_many_words()
      throws Exception {
    try (Place place = Place.open();
        Bazaar bazaar = Bazaar.open(place)) {
      String box = Long.toString(bazaar.rentByHand());
      Until.holds(
          "it can be copied from",
          PATIENCE,
          () -> bazaar.type("pull", box, "--to", "first").ended().code() == 0);
      Cli.Ended again = bazaar.type("pull", box, "--to", "first").ended();
      assertThat(again.out()).contains("first-2", "copied, not verified", "not of a run of ours");
      assertThat(bazaar.type("logs", box).ended().out()).contains("up and running");

      Cli.Ended refused = bazaar.type("destroy", box).ended();
      assertThat(refused.code()).as(refused.err()).isEqualTo(3);
      assertThat(refused.complaint()).contains("no run of ours rented it", "salvor pull " + box);
      assertThat(place.market().has("destroy")).isFalse();
      Cli.Ended given =
          bazaar.type("destroy", box, "--abandon", "lose everything on instance " + box).ended();
      assertThat(given.code()).as(given.err()).isZero();
      Until.holds("it is gone", PATIENCE, () -> place.market().has("destroy"));
      Until.holds(
          "its run is over",
          PATIENCE,
          () -> bazaar.type("ps").ended().out().contains("wound_down"));
      bazaar.shut();
      new Ending(place).nothingIsLeft();
    }
  }

  @Test
  void one_that_is_adopted_is_looked_after_through_a_stop_and_given_back_when_all_is_home()
      throws Exception {
    Assumptions.assumeTrue(Boolean.getBoolean("salvor.full"), "only in the full check");
    try (Place place = Place.open();
        Bazaar bazaar = Bazaar.open(place)) {
      long box = bazaar.rentByHand();
      Until.holds("it is entered", PATIENCE, () -> bazaar.on(box, "true").code() == 0);
      String script =
          Base64.getEncoder().encodeToString(ShellJob.saving(3).getBytes(StandardCharsets.UTF_8));
      assertThat(
              bazaar
                  .on(
                      box,
                      "mkdir -p /work; echo %s | base64 -d >/root/train.sh; nohup bash /root/train.sh >/dev/null 2>&1 </dev/null &"
                          .formatted(script))
                  .code())
          .isZero();

      Cli.Ended adopted = bazaar.type("adopt", "" + box, "--job", Bazaar.RUN).ended();
      assertThat(adopted.code()).as(adopted.err()).isZero();
      Ending ending = new Ending(place);
      Until.holds(
          "its newest checkpoint is home",
          PATIENCE,
          () -> ending.stored().stream().anyMatch(unit -> unit.step() == 3));
      assertThat(bazaar.type("adopt", "" + box).ended().complaint()).contains("run demo has it");

      bazaar.set(box, "stopped");
      Until.holds("it stands still", PATIENCE, () -> said(bazaar).contains("is lost (stopped)"));
      bazaar.set(box, "running");
      Until.holds("its agent is back", PATIENCE, () -> said(bazaar).contains("boot 2, joined"));

      Cli.Ended ends = bazaar.type("destroy", "demo", "--wind-down").ended();
      assertThat(ends.code()).as(ends.err()).isZero();
      Until.holds(
          "its run is over",
          PATIENCE.multipliedBy(2),
          () -> bazaar.type("ps").ended().out().contains("wound_down"));
      assertThat(said(bazaar)).contains("everything complete up to here has a receipt");
      assertThat(place.market().of("destroy")).hasSize(1);
      ending.receiptsVerify();
      bazaar.shut();
      ending.nothingIsLeft();
    }
  }

  private static String said(Bazaar bazaar) throws Exception {
    return bazaar.type("explain", "demo").ended().out();
  }

  @Test
  void results_that_are_given_up_are_named_and_the_box_of_a_failed_run_is_kept() throws Exception {
    Assumptions.assumeTrue(Boolean.getBoolean("salvor.full"), "only in the full check");
    try (Place place = Place.open();
        Bazaar bazaar = Bazaar.open(place)) {
      String tasks = "echo kept >/work/here; exit 3\n";
      Cli.Ended run = bazaar.run(tasks, "--no-pull", "--keep-on-failure", "--no-sync").ended();
      assertThat(run.code()).as(run.err()).isEqualTo(5);
      assertThat(run.err())
          .contains("given up beforehand: the results on rental 1.1, 1 files, 5 bytes")
          .contains("still there: instance 7001 (running)")
          .contains("It ends with: salvor destroy demo");
      assertThat(bazaar.results()).doesNotExist();
      Cli.Ended pulled = bazaar.type("pull", "demo").ended();
      assertThat(pulled.out()).as(pulled.err()).contains("1 file", "copied, not verified");
      assertThat(bazaar.results().resolve("here")).hasContent("kept");

      Cli.Ended destroyed = bazaar.type("destroy", "demo").ended();
      assertThat(destroyed.code()).as(destroyed.err()).isZero();
      // Gone is what the market lists no more: until then it must be there to be asked.
      Until.holds(
          "its run is over",
          PATIENCE,
          () -> bazaar.type("ps").ended().out().contains("wound_down"));
      bazaar.shut();
      new Ending(place).rentedOnceAndGivenBackAfterItsReceipts().nothingIsLeft();
    }
  }
}
