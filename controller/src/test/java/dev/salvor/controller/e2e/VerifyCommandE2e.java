package dev.salvor.controller.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.controller.testing.Needs;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// A command of the user's that has the last word on every copy: as long as it says no, nothing
/// counts as home and nothing is destroyed.
class VerifyCommandE2e {
  @BeforeAll
  static void tools() {
    Assumptions.assumeTrue(Boolean.getBoolean("salvor.full"), "only in the full check");
    Needs.tool("unshare");
  }

  @Test
  void what_it_refuses_has_no_receipt_and_keeps_its_box_until_it_accepts() throws Exception {
    try (Place place = Place.open()) {
      Path yes = place.beside("yes");
      Cli demo =
          place.start(
              "demo",
              "--job",
              ShellJob.saving(1),
              "--outbid-at",
              "never",
              "--verify",
              "ls {path} | grep -q . && test -e '" + yes + "'");
      demo.until("a box is rented", () -> !place.market().rented().isEmpty());
      demo.until(
          "the command has refused a copy",
          () -> place.run("explain").out().contains("The verify command ended with 1"));
      assertThat(new Ending(place).stored()).isEmpty();
      assertThat(place.market().of("destroy")).isEmpty();

      Files.createFile(yes);
      Cli.Ended ended = demo.ended();
      assertThat(ended.code()).as(ended.err()).isZero();
      Ending ending = new Ending(place);
      assertThat(ending.stored())
          .isNotEmpty()
          .allSatisfy(stored ->
              assertThat(stored.json().path("checks").toString()).contains("user-command"));
      ending.receiptsVerify().rentedOnceAndGivenBackAfterItsReceipts().nothingIsLeft();
    }
  }
}
