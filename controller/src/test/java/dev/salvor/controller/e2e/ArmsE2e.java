package dev.salvor.controller.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.salvor.controller.testing.Needs;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// A box that was outbid, in three situations: each time the arm is chosen that is right there, and
/// training goes on from what it had saved. And a budget that comes to its end.
class ArmsE2e {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final String JOB = "job.sh";

  /// A quarter of a budget is kept back to bring everything home: a busy machine takes half a
  /// minute for that.
  private static final int LASTS_S = 180;

  @BeforeAll
  static void tools() {
    Assumptions.assumeTrue(Boolean.getBoolean("salvor.full"), "only in the full check");
    List.of("unshare", "ssh", "ssh-keygen", "rsync", "env").forEach(Needs::tool);
  }

  /// No other machine fits, and a little more wins it back.
  @Test
  void a_bid_is_raised_where_that_costs_least() throws Exception {
    try (Place place = Place.open();
        Bazaar bazaar = Bazaar.open(place)) {
      Cli run = outbid(place, bazaar, "bid: raise", "\"factor\":1.2,\"rival_stays_s\":900");
      Cli.Ended ended = run.ended();
      assertThat(ended.code()).as(ended.err() + ended.out()).isZero();
      String story = story(bazaar);
      assertThat(story)
          .contains("raise the bid for the box of rental 1.1", "relaunch: no offer fits")
          .contains("raise: $", "wait: $", "boot 2, joined");
      assertThat(place.market().rented()).containsOnlyKeys(1);
      bazaar.shut();
      new Ending(place).receiptsVerify().rentedOnceAndGivenBackAfterItsReceipts().nothingIsLeft();
    }
  }

  /// No other machine fits, and its user does not want to pay more: the rival goes some day.
  @Test
  void a_rival_is_waited_for_where_nothing_else_is_left() throws Exception {
    try (Place place = Place.open();
        Bazaar bazaar = Bazaar.open(place)) {
      Cli run = outbid(place, bazaar, "bid: fixed", "\"factor\":3,\"rival_stays_s\":20");
      Cli.Ended ended = run.ended();
      assertThat(ended.code()).as(ended.err() + ended.out()).isZero();
      assertThat(story(bazaar))
          .contains("wait for the box of rental 1.1", "raise: its user fixed the bid")
          .contains("boot 2, joined");
      assertThat(place.market().rented()).containsOnlyKeys(1);
      assertThat(place.market().of("bid")).isEmpty();
      bazaar.shut();
      new Ending(place).receiptsVerify().rentedOnceAndGivenBackAfterItsReceipts().nothingIsLeft();
    }
  }

  /// What may be spent is spent: everything comes home, and the box is given back by permit.
  @Test
  void the_end_of_a_budget_brings_home_and_destroys_by_permit() throws Exception {
    try (Place place = Place.open();
        Bazaar bazaar = Bazaar.open(place)) {
      spec(bazaar, "type: on-demand", ShellJob.saving(900));
      Cli run = bazaar.type("run", "arms.yaml", "--job", Bazaar.RUN);
      Until.holds("a checkpoint is home", PATIENCE, () -> !new Ending(place).stored().isEmpty());
      JsonNode money =
          bazaar.type("status", Bazaar.RUN, "--output", "json").ended().json().path("money");
      double budget =
          Math.max(
              2 * money.path("spent").asDouble(), money.path("burn").asDouble() * LASTS_S / 3600);
      Cli.Ended lower =
          bazaar.type("budget", Bazaar.RUN, String.format(Locale.ROOT, "%.6f", budget)).ended();
      assertThat(lower.code()).as(lower.err()).isZero();
      Cli.Ended ended = run.ended();
      assertThat(ended.err() + ended.out()).contains("budget");
      assertThat(story(bazaar))
          .contains("bring everything home and end", "is kept back", "destroyed by permit");
      bazaar.shut();
      new Ending(place).receiptsVerify().rentedOnceAndGivenBackAfterItsReceipts().nothingIsLeft();
    }
  }

  /// Trains on one machine until its third checkpoint, and is then bid over.
  private static Cli outbid(Place place, Bazaar bazaar, String bid, String rival) throws Exception {
    long machine = Until.given("the market has an offer", PATIENCE, () -> machine(bazaar));
    spec(
        bazaar,
        "type: interruptible\n%s\nquery: machine_id=%d num_gpus=1".formatted(bid, machine),
        ShellJob.saving(8));
    Sabotage.arm(
        place,
        "{\"kind\":\"outbid\",%s,\"trigger\":{\"path_regex\":\"step[-_](\\\\d+)\",\"reaches\":3}}"
            .formatted(rival));
    return bazaar.type("run", "arms.yaml", "--job", Bazaar.RUN);
  }

  private static Optional<Long> machine(Bazaar bazaar) throws Exception {
    Cli.Ended offers =
        bazaar.look(List.of("offers", "--bid", "num_gpus=1", "--output", "json")).ended();
    return Optional.of(offers.json().at("/offers/0/machine").asLong()).filter(id -> id > 0);
  }

  private static void spec(Bazaar bazaar, String rented, String job) throws Exception {
    Files.writeString(bazaar.project().resolve(JOB), job);
    Files.writeString(
        bazaar.project().resolve("arms.yaml"),
        """
        image: some/image:1
        %s
        max_price: 4
        budget: 20
        code: {sync: .}
        job: bash %s
        checkpoints: /workspace/ckpt
        results: /work
        finish: {then: destroy, approval: yes}
        """
            .formatted(rented, JOB));
  }

  private static String story(Bazaar bazaar) throws Exception {
    return bazaar.type("explain", Bazaar.RUN).ended().out();
  }
}
