package dev.salvor.controller.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.controller.testing.Needs;
import java.io.OutputStream;
import java.nio.file.Files;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Ctrl-C at each of the eight stages of a run: nothing is left that bills, and what was there to
/// bring home is home.
class EightStagesCtrlCE2e {
  private static final String LONG = "echo first >/work/first\nsleep 900\n";
  private static final int PUSHED_BYTES = 250 << 20;

  @BeforeAll
  static void tools() {
    List.of("unshare", "ssh", "ssh-keygen", "rsync", "env").forEach(Needs::tool);
  }

  @Test
  void while_it_searches_nothing_was_rented() throws Exception {
    try (Place place = Place.open();
        Bazaar bazaar = Bazaar.open(place)) {
      Cli run = bazaar.run(LONG, "--max-price", "0.0001");
      Cli.Ended ended = pressedAt("[1/8]", run);
      assertThat(ended.err()).contains("nothing of this run is rented any more");
      assertThat(place.market().has("create")).isFalse();
    }
  }

  @Test
  void while_it_creates_the_box_is_given_back_as_soon_as_it_is_known() throws Exception {
    onlyInTheFullCheck();
    givenBack("[2/8]", "slow_answer,endpoint=create,seconds=5");
  }

  @Test
  void while_it_loads_the_box_is_given_back() throws Exception {
    onlyInTheFullCheck();
    givenBack("[3/8]", "stuck_loading,for_s=900");
  }

  @Test
  void while_it_waits_for_the_login_the_box_is_given_back() throws Exception {
    onlyInTheFullCheck();
    givenBack("[4/8]", "ssh_refused,for_s=900");
  }

  @Test
  void while_the_directory_is_brought_over_the_box_is_given_back() throws Exception {
    onlyInTheFullCheck();
    try (Place place = Place.open();
        Bazaar bazaar = Bazaar.open(place)) {
      try (OutputStream out = Files.newOutputStream(bazaar.project().resolve("large"))) {
        byte[] some = new byte[1 << 20];
        Random random = new Random(1);
        for (int i = 0; i < PUSHED_BYTES; i += some.length) {
          random.nextBytes(some);
          out.write(some);
        }
      }
      Cli.Ended ended = pressedAt("[5/8]", bazaar.run(LONG));
      assertThat(ended.out()).isEmpty();
      gone(place, bazaar, ended);
    }
  }

  @Test
  void while_the_tasks_run_what_they_left_comes_home_first() throws Exception {
    onlyInTheFullCheck();
    try (Place place = Place.open();
        Bazaar bazaar = Bazaar.open(place)) {
      Cli run = bazaar.run(LONG);
      run.until("the first task is over", () -> run.said().contains("task done: echo first"));
      run.pressCtrlC();
      Cli.Ended ended = run.ended();
      assertThat(ended.code()).as(ended.err()).isEqualTo(130);
      assertThat(bazaar.results().resolve("first")).hasContent("first");
      gone(place, bazaar, ended);
    }
  }

  @Test
  void twice_while_the_tasks_run_stops_the_meter_and_says_what_ends_it() throws Exception {
    onlyInTheFullCheck();
    try (Place place = Place.open();
        Bazaar bazaar = Bazaar.open(place)) {
      Cli run = bazaar.run(LONG);
      run.until("the first task is over", () -> run.said().contains("task done: echo first"));
      run.pressCtrlC();
      run.until("the first was heard", () -> run.said().contains("Ctrl-C"));
      run.pressCtrlC();
      Cli.Ended ended = run.ended();
      assertThat(ended.code()).as(ended.err()).isEqualTo(130);
      assertThat(ended.err())
          .containsPattern("still there: instance 7001 \\(stopped\\), \\$[0-9.]+/h")
          .contains("It ends with: salvor destroy demo");
      assertThat(place.market().of("destroy")).isEmpty();
      assertThat(place.market().of("stop")).hasSize(1);
    }
  }

  @Test
  void while_results_come_home_they_still_do() throws Exception {
    onlyInTheFullCheck();
    try (Place place = Place.open();
        Bazaar bazaar = Bazaar.open(place)) {
      Cli run = bazaar.run("head -c 200000000 /dev/urandom >/work/large\n");
      Cli.Ended ended = pressedAt("[7/8]", run);
      assertThat(bazaar.results().resolve("large")).hasSize(200_000_000);
      gone(place, bazaar, ended);
    }
  }

  @Test
  void while_the_box_is_destroyed_it_still_is() throws Exception {
    onlyInTheFullCheck();
    try (Place place = Place.open();
        Bazaar bazaar = Bazaar.open(place, "slow_answer,endpoint=destroy,seconds=5")) {
      Cli.Ended ended = pressedAt("[8/8]", bazaar.run("echo done >/work/done\n"));
      assertThat(bazaar.results().resolve("done")).hasContent("done");
      gone(place, bazaar, ended);
    }
  }

  private static void givenBack(String stage, String fault) throws Exception {
    try (Place place = Place.open();
        Bazaar bazaar = Bazaar.open(place, fault)) {
      Cli.Ended ended = pressedAt(stage, bazaar.run(LONG));
      assertThat(ended.out()).isEmpty();
      gone(place, bazaar, ended);
    }
  }

  private static Cli.Ended pressedAt(String stage, Cli run) throws Exception {
    run.until("it is at " + stage, () -> run.said().contains(stage));
    run.pressCtrlC();
    Cli.Ended ended = run.ended();
    assertThat(ended.code()).as(ended.err()).isEqualTo(130);
    return ended;
  }

  private static void gone(Place place, Bazaar bazaar, Cli.Ended ended) throws Exception {
    assertThat(ended.err()).contains("nothing of this run is rented any more");
    bazaar.shut();
    new Ending(place).receiptsVerify().rentedOnceAndGivenBackAfterItsReceipts().nothingIsLeft();
  }

  private static void onlyInTheFullCheck() {
    Assumptions.assumeTrue(Boolean.getBoolean("salvor.full"), "only in the full check");
  }
}
