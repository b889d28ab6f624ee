package dev.salvor.controller.core;

import static dev.salvor.controller.core.Story.ONE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.common.checkpoint.StillDisk;
import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.checkpoint.UnitId;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What a fetched disk has to be landed for.
class SalvagedTest {
  private static final Path BASE = Path.of("/fetched");

  @Test
  void what_is_home_is_not_landed_again() {
    Unit home = Story.checkpoint(ONE, 1, 1, 100);
    Story story = rented().safe(ONE, home);
    assertThat(salvaged(story, home)).isEmpty();
  }

  @Test
  void what_was_told_and_is_not_home_is_landed_by_its_name() {
    Unit lacking = Story.checkpoint(ONE, 1, 1, 100);
    Story story = rented().seen(ONE, lacking);
    assertThat(salvaged(story, lacking)).containsExactly(piece(lacking, lacking, false));
  }

  @Test
  void the_same_bytes_under_a_later_boots_name_get_a_receipt_too() {
    Unit first = Story.results(ONE, 1, 1);
    Unit again = named(first, new UnitId(1, 2, 1, first.manifest().digest()));
    Story story = rented().safe(ONE, first).joined(ONE, 2).seen(ONE, again);
    assertThat(salvaged(story, first)).containsExactly(piece(again, first, false));
    assertThat(story.rescued(ONE, true, again).state().cargo().unsafe(ONE)).isEmpty();
  }

  @Test
  void what_nobody_told_of_is_numbered_after_all_that_was() {
    Unit told = Story.checkpoint(ONE, 2, 7, 100);
    Unit one = Story.checkpoint(ONE, 2, 1, 200);
    Unit two = Story.checkpoint(ONE, 2, 1, 300);
    Story story = rented().joined(ONE, 2).safe(ONE, told);
    assertThat(salvaged(story, told, one, two))
        .containsExactly(
            piece(named(one, new UnitId(1, 2, 8, one.manifest().digest())), one, true),
            piece(named(two, new UnitId(1, 2, 9, two.manifest().digest())), two, true));
  }

  private static Story rented() {
    return Story.begin().rented(ONE).trains(ONE, 1);
  }

  private static List<Salvaged.Piece> salvaged(Story story, Unit... onDisk) {
    List<StillDisk.Found> found = Stream.of(onDisk).map(SalvagedTest::found).toList();
    return Salvaged.of(story.rental(ONE), story.state().cargo().on(ONE).toList(), found);
  }

  private static Salvaged.Piece piece(Unit unit, Unit onDisk, boolean isNew) {
    return new Salvaged.Piece(unit, found(onDisk), isNew);
  }

  private static StillDisk.Found found(Unit u) {
    return new StillDisk.Found(
        u.kind(), u.format(), u.step(), u.completeness(), u.manifest(), u.writtenAt(), BASE);
  }

  private static Unit named(Unit unit, UnitId id) {
    return new Unit(
        id,
        unit.kind(),
        unit.format(),
        unit.step(),
        unit.completeness(),
        unit.manifest(),
        unit.writtenAt());
  }
}
