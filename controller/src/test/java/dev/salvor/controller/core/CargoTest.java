package dev.salvor.controller.core;

import static dev.salvor.controller.core.Story.BEGIN;
import static dev.salvor.controller.core.Story.ONE;
import static dev.salvor.controller.core.Story.TWO;
import static dev.salvor.controller.core.Story.checkpoint;
import static dev.salvor.controller.core.Story.results;
import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.checkpoint.UnitId;
import dev.salvor.controller.core.Cargo.Frontier;
import dev.salvor.controller.core.Cargo.Proof;
import dev.salvor.controller.core.Cargo.Stowed;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Which units are safe, which stand in for which, and which a run goes on from.
class CargoTest {
  private static final Unit OLD = checkpoint(ONE, 1, 1, 100);
  private static final Unit NEW = checkpoint(ONE, 1, 2, 200);
  private static final Proof NONE = new Proof.None(0, BEGIN);

  @Test
  void an_older_one_is_safe_when_a_newer_of_its_series_is_home_or_was() {
    for (Proof home : List.of(proven(NEW), new Proof.Withdrawn(BEGIN))) {
      assertThat(unsafe(stow(OLD, NONE), stow(NEW, home))).isEmpty();
    }
    assertThat(unsafe(stow(OLD, NONE), stow(NEW, NONE))).containsExactly(OLD, NEW);
    assertThat(unsafe(stow(OLD, NONE), stow(NEW, new Proof.GivenUp(BEGIN)))).containsExactly(OLD);
  }

  @Test
  void a_newer_one_is_not_safe_by_an_older() {
    assertThat(unsafe(stow(OLD, proven(OLD)), stow(NEW, NONE))).containsExactly(NEW);
  }

  @Test
  void one_of_the_same_step_that_was_captured_later_stands_in_and_one_that_went_back_does_not() {
    Unit again = checkpoint(ONE, 1, 2, 100);
    assertThat(unsafe(stow(OLD, NONE), stow(again, proven(again)))).isEmpty();
    Unit back = checkpoint(ONE, 1, 2, 99);
    assertThat(unsafe(stow(OLD, NONE), stow(back, proven(back)))).containsExactly(OLD);
  }

  @Test
  void neither_another_series_nor_another_kind_nor_another_box_stands_in() {
    Unit other = checkpoint(ONE, 1, 2, 200, "optimizer");
    Unit files = results(ONE, 1, 3);
    Unit elsewhere = checkpoint(TWO, 1, 2, 200);
    assertThat(unsafe(stow(OLD, NONE), stow(other, proven(other)))).containsExactly(OLD);
    assertThat(unsafe(stow(OLD, NONE), stow(files, proven(files)))).containsExactly(OLD);
    Cargo both =
        Cargo.EMPTY.put(stow(OLD, NONE)).put(new Stowed(elsewhere, TWO, BEGIN, proven(elsewhere)));
    assertThat(both.unsafe(ONE)).hasSize(1);
    assertThat(both.on(ONE)).hasSize(1);
    assertThat(both.on(TWO)).hasSize(1);
  }

  @Test
  void results_are_replaced_by_a_later_capture_of_their_own_tree() {
    Unit first = results(ONE, 1, 1);
    Unit later = results(ONE, 1, 2);
    assertThat(unsafe(stow(first, NONE), stow(later, proven(later)))).isEmpty();
    assertThat(unsafe(stow(first, proven(first)), stow(later, NONE))).containsExactly(later);
    Unit tree = elsewhere(later, "/other");
    assertThat(unsafe(stow(first, NONE), stow(tree, proven(tree)))).containsExactly(first);
    Unit part = part(later, "files-last-part-2");
    assertThat(unsafe(stow(first, NONE), stow(part, proven(part)))).containsExactly(first);
  }

  @Test
  void what_is_not_safe_is_told_oldest_first_whatever_came_to_be_known_first() {
    Cargo cargo = Cargo.EMPTY.put(stow(NEW, NONE)).put(stow(OLD, NONE));
    assertThat(cargo.unsafeOldestFirst(ONE)).extracting(Stowed::unit).containsExactly(OLD, NEW);
    Unit again = checkpoint(ONE, 1, 3, 100);
    Cargo same = Cargo.EMPTY.put(stow(again, NONE)).put(stow(OLD, NONE));
    assertThat(same.unsafeOldestFirst(ONE)).extracting(Stowed::unit).containsExactly(OLD, again);
  }

  @Test
  void the_newest_checkpoint_of_a_box_is_by_step_and_no_result() {
    Cargo cargo = Cargo.EMPTY.put(stow(NEW, NONE)).put(stow(OLD, NONE));
    cargo = cargo.put(stow(results(ONE, 1, 9), NONE));
    assertThat(cargo.newestCheckpoint(ONE)).map(Stowed::unit).contains(NEW);
    assertThat(cargo.newestCheckpoint(TWO)).isEmpty();
    Cargo files = Cargo.EMPTY.put(stow(results(ONE, 1, 9), NONE));
    assertThat(files.newestCheckpoint(ONE)).isEmpty();
  }

  @Test
  void the_newest_results_that_are_not_safe_are_no_checkpoint() {
    Unit first = results(ONE, 1, 1);
    Unit later = elsewhere(results(ONE, 1, 2), "/other");
    Cargo cargo =
        Cargo.EMPTY
            .put(stow(later, NONE))
            .put(stow(first, NONE))
            .put(stow(checkpoint(ONE, 1, 3, 100), NONE));
    assertThat(cargo.newestUnsafeResults(ONE)).map(Stowed::unit).contains(later);
    Cargo none = Cargo.EMPTY.put(stow(NEW, NONE));
    assertThat(none.newestUnsafeResults(ONE)).isEmpty();
  }

  @Test
  void what_is_home_cannot_be_given_up_and_what_nobody_saw_neither() {
    Cargo home = Cargo.EMPTY.put(stow(OLD, proven(OLD)));
    assertThat(home.giveUp(OLD.id(), BEGIN)).isEqualTo(home);
    Cargo withdrawn = Cargo.EMPTY.put(stow(OLD, new Proof.Withdrawn(BEGIN)));
    assertThat(withdrawn.giveUp(OLD.id(), BEGIN)).isEqualTo(withdrawn);
    assertThat(home.giveUp(NEW.id(), BEGIN)).isEqualTo(home);
    assertThat(home.withdrawn(NEW.id(), BEGIN)).isEqualTo(home);
    Cargo open = Cargo.EMPTY.put(stow(OLD, NONE)).giveUp(OLD.id(), BEGIN);
    assertThat(open.units().get(OLD.id())).isEqualTo(stow(OLD, new Proof.GivenUp(BEGIN)));
  }

  @Test
  void beside_the_frontier_lie_the_newest_of_the_other_series_of_its_line() {
    Unit frontier = checkpoint(TWO, 1, 5, 300);
    Unit optimizer = checkpoint(TWO, 1, 6, 400, "optimizer");
    Unit older = checkpoint(TWO, 1, 4, 200, "optimizer");
    Unit scaler = checkpoint(ONE, 1, 3, 300, "scaler");
    Unit beyond = checkpoint(ONE, 1, 4, 301, "sampler");
    Unit open = checkpoint(TWO, 1, 9, 300, "open");
    Cargo cargo = Cargo.EMPTY;
    for (Unit unit : List.of(older, optimizer, frontier, scaler, beyond, results(TWO, 1, 7))) {
      RentalRef on = unit.id().generation() == 1 ? ONE : TWO;
      cargo = cargo.put(new Stowed(unit, on, BEGIN, proven(unit)));
    }
    cargo = cargo.put(new Stowed(open, TWO, BEGIN, NONE));
    assertThat(cargo.beside(new Frontier.At(frontier.id(), 300)))
        .containsExactly(optimizer.id(), scaler.id());
    // Of a later generation than the frontier's nothing belongs to its line.
    Cargo later =
        Cargo.EMPTY
            .put(new Stowed(scaler, ONE, BEGIN, proven(scaler)))
            .put(new Stowed(older, TWO, BEGIN, proven(older)));
    assertThat(later.beside(new Frontier.At(scaler.id(), 300))).isEmpty();
  }

  @Test
  void sizes_are_told_and_are_nothing_for_what_nobody_saw() {
    Cargo cargo = Cargo.EMPTY.put(stow(OLD, proven(OLD)));
    assertThat(cargo.bytes(OLD.id())).isEqualTo(100);
    assertThat(cargo.bytes(NEW.id())).isZero();
    assertThat(cargo.frontierBytes()).isZero();
    assertThat(cargo.withFrontier(new Frontier.At(OLD.id(), 100)).frontierBytes()).isEqualTo(100);
  }

  @Test
  void taking_units_away_is_no_hurry_and_slower_each_time_it_fails() {
    Cargo.Withdrawing once = Cargo.Withdrawing.NOTHING.settled(1, false, BEGIN);
    assertThat(once.failures()).isEqualTo(1);
    assertThat(once.notBefore()).isEqualTo(BEGIN.plusSeconds(32));
    Cargo.Withdrawing twice = once.settled(2, false, BEGIN);
    assertThat(twice.failures()).isEqualTo(2);
    assertThat(twice.notBefore()).isEqualTo(BEGIN.plusSeconds(60));
    Cargo.Withdrawing done = twice.settled(3, true, BEGIN);
    assertThat(done.failures()).isZero();
    assertThat(done.notBefore()).isEqualTo(BEGIN);
  }

  private static Unit elsewhere(Unit unit, String root) {
    var manifest = new dev.salvor.common.checkpoint.Manifest(root, unit.manifest().files());
    UnitId id =
        new UnitId(
            unit.id().generation(), unit.id().boot(), unit.id().captureSeq(), manifest.digest());
    return new Unit(
        id, unit.kind(), unit.format(), unit.step(), unit.completeness(), manifest, BEGIN);
  }

  private static Unit part(Unit unit, String format) {
    return new Unit(unit.id(), unit.kind(), format, 0, unit.completeness(), unit.manifest(), BEGIN);
  }

  private static Proof proven(Unit unit) {
    return new Proof.Proven(Story.receipt(unit), BEGIN);
  }

  private static Stowed stow(Unit unit, Proof proof) {
    return new Stowed(unit, ONE, BEGIN, proof);
  }

  private static List<Unit> unsafe(Stowed... all) {
    Cargo cargo = Cargo.EMPTY;
    for (Stowed stowed : all) {
      cargo = cargo.put(stowed);
    }
    return cargo.unsafe(ONE).stream().map(Stowed::unit).toList();
  }
}
