package dev.salvor.controller.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.controller.testing.Needs;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The disk that copies go to fills up while they come home.
class FullDiskE2e {
  /// Room for the first checkpoint, not for the second.
  private static final int SMALL_MB = 8;

  private static final int LARGE_MB = 100;

  @BeforeAll
  static void tools() {
    Assumptions.assumeTrue(Boolean.getBoolean("salvor.full"), "only in the full check");
    List.of("unshare", "nsenter", "mount").forEach(Needs::tool);
  }

  @Test
  void nothing_is_destroyed_until_there_is_room_for_its_cargo() throws Exception {
    try (Place place = Place.open();
        SmallDisk disk = SmallDisk.at(place.state().resolve("cargo"), SMALL_MB)) {
      Cli demo =
          place.startIn(
              disk.entered(), "demo", "--job", ShellJob.saving(2), "--outbid-at", "never");
      demo.until(
          "it says what to do",
          () -> demo.said().contains("No space left on device. Free some space; the copy resumes"));
      assertThat(place.market().has("destroy")).isFalse();
      assertThat(place.disk(place.market().of("create").getFirst().instance())).isDirectory();

      disk.enlarge(LARGE_MB);
      Cli.Ended ended = demo.ended();
      assertThat(ended.code()).as(ended.out() + ended.err()).isZero();
      Ending ending = new Ending(place, disk.inside());
      assertThat(ending.stored()).anyMatch(unit -> unit.checkpoint() && unit.step() == 2);
      assertThat(ending.stored()).anyMatch(unit -> !unit.checkpoint());
      ending.receiptsVerify().rentedOnceAndGivenBackAfterItsReceipts();
      disk.leave();
      ending.nothingIsLeft();
    }
  }
}
