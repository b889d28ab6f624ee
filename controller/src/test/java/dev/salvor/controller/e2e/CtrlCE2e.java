package dev.salvor.controller.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.controller.testing.Needs;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Ctrl-C in the terminal that a demo is attached to.
class CtrlCE2e {
  /// Longer than the story waits: it ends because it is told to.
  private static final String[] DEMO = {
    "demo", "--job", ShellJob.saving(900), "--outbid-at", "never"
  };

  @BeforeAll
  static void tools() {
    List.of("unshare", "env").forEach(Needs::tool);
  }

  @Test
  void vast02_destroy_would_take_all_so_it_waits_until_all_is_home() throws Exception {
    try (Place place = Place.open();
        Witness witness = Witness.watch(place.boxes())) {
      Cli demo = training(place, witness);
      Cli.Ended refused = place.run("destroy", "demo");
      assertThat(refused.code()).as(refused.err()).isEqualTo(3);
      assertThat(refused.complaint()).contains("No permit to destroy", "--wind-down");
      assertThat(place.market().has("destroy")).isFalse();

      demo.pressCtrlC();
      Cli.Ended ended = demo.ended();
      assertThat(ended.code()).as(ended.out() + ended.err()).isEqualTo(130);
      assertThat(ended.out()).contains("ended by Ctrl-C", "destroyed by permit");
      long newest = Collections.max(witness.steps(instance(place)));
      assertThat(new Ending(place).stored())
          .anyMatch(unit -> unit.checkpoint() && unit.step() == newest);
      new Ending(place)
          .receiptsVerify()
          .filesAreWhatTheJobWrote(witness)
          .rentedOnceAndGivenBackAfterItsReceipts()
          .nothingIsLeft();
    }
  }

  @Test
  void vast01_stopped_box_bills_its_disk_on_and_every_verb_says_so() throws Exception {
    try (Place place = Place.open();
        Witness witness = Witness.watch(place.boxes())) {
      Cli demo = training(place, witness);
      demo.pressCtrlC();
      demo.until("the first was heard", () -> demo.said().contains("Ctrl-C"));
      demo.pressCtrlC();
      Cli.Ended ended = demo.ended();
      assertThat(ended.code()).as(ended.out() + ended.err()).isEqualTo(130);
      assertThat(ended.err())
          .containsPattern("Instance 7001 is STOPPED and bills \\$[0-9.]+/h .*salvor destroy demo");
      assertThat(place.market().of("stop")).hasSize(1);
      assertThat(place.market().of("destroy")).isEmpty();
      assertThat(place.census().processes()).isEmpty();
      // With no controller and no box left, the platform's meter goes on, and so does the word.
      assertThat(diskBurn(place)).as("the trap").isPositive();
      Cli.Ended ps = place.run("ps");
      assertThat(ps.err()).contains("bills $", "salvor destroy demo");
      assertThat(place.run("ps").err()).isEqualTo(ps.err());
      // Its disk is kept: whoever was cut off may want what lies there.
      assertThat(place.disk(instance(place))).isDirectory();
    }
  }

  /// An hour, as its run was told last.
  private static double diskBurn(Place place) throws Exception {
    return place.run("status", "--output", "json").json().at("/boxes/0/burn").asDouble();
  }

  private static Cli training(Place place, Witness witness) throws Exception {
    Cli demo = place.startIn(List.of("env", "--default-signal=INT"), DEMO);
    demo.until("the job has saved", () -> !steps(place, witness).isEmpty());
    place.noteListeners();
    return demo;
  }

  private static Set<Long> steps(Place place, Witness witness) throws Exception {
    return place.market().has("create") ? witness.steps(instance(place)) : Set.of();
  }

  private static long instance(Place place) throws Exception {
    return place.market().of("create").getFirst().instance();
  }
}
