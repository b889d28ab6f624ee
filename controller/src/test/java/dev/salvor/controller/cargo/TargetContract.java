package dev.salvor.controller.cargo;

import static dev.salvor.controller.cargo.Cargoes.RUN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.unit.RunId;
import dev.salvor.controller.core.GrantedPermit;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What every target must do.
interface TargetContract {
  Target target() throws Exception;

  /// Damages one stored byte of the file.
  void damage(RunId run, Unit unit, String path) throws Exception;

  private static Path data(Path temp, SortedMap<String, byte[]> files) throws Exception {
    Path data = temp.resolve("data");
    Cargoes.write(data, files);
    return data;
  }

  @Test
  default void a_landed_unit_reads_back_as_it_was(@TempDir Path temp) throws Exception {
    SortedMap<String, byte[]> files = Cargoes.files();
    Unit unit = Cargoes.unit(1, files);
    Target target = target();
    Landing landing = target.land(RUN, unit, new Staged(data(temp, files), false), Cargoes::prove);
    assertThat(landing).isInstanceOf(Landing.Landed.class);
    assertThat(target.unit(RUN, unit.id())).contains(unit);
    assertThat(target.units(RUN)).containsExactly(unit);
    for (var file : files.entrySet()) {
      try (var in = target.read(RUN, unit.id(), file.getKey())) {
        assertThat(in.readAllBytes()).isEqualTo(file.getValue());
      }
    }
    for (Target.Look look : Target.Look.values()) {
      assertThat(target.stillThere(RUN, unit.id(), unit.manifest(), look)).isTrue();
    }
  }

  @Test
  default void a_disproven_unit_leaves_nothing(@TempDir Path temp) throws Exception {
    SortedMap<String, byte[]> files = Cargoes.files();
    Unit unit = Cargoes.unit(1, files);
    Path data = data(temp, files);
    Landing landing =
        target()
            .land(
                RUN,
                unit,
                new Staged(data, false),
                (r, u, d, p) -> new Prover.Proof.Disproven("torn"));
    assertThat(landing).isEqualTo(new Landing.Refused("torn"));
    assertThat(target().unit(RUN, unit.id())).isEmpty();
    assertThat(target().units(RUN)).isEmpty();
    assertThat(data.resolve("model.bin")).exists();
  }

  @Test
  default void landing_twice_is_once(@TempDir Path temp) throws Exception {
    SortedMap<String, byte[]> files = Cargoes.files();
    Unit unit = Cargoes.unit(1, files);
    target().land(RUN, unit, new Staged(data(temp, files), false), Cargoes::prove);
    Landing again = target().land(RUN, unit, new Staged(data(temp, files), false), Cargoes::prove);
    assertThat(again).isInstanceOf(Landing.Landed.class);
    assertThat(target().units(RUN)).hasSize(1);
  }

  @Test
  default void a_damaged_unit_is_no_longer_there_and_is_never_overwritten(@TempDir Path temp)
      throws Exception {
    SortedMap<String, byte[]> files = Cargoes.files();
    Unit unit = Cargoes.unit(1, files);
    target().land(RUN, unit, new Staged(data(temp, files), false), Cargoes::prove);
    damage(RUN, unit, "model.bin");
    assertThat(target().stillThere(RUN, unit.id(), unit.manifest(), Target.Look.DIGESTS)).isFalse();
    Landing again = target().land(RUN, unit, new Staged(data(temp, files), false), Cargoes::prove);
    assertThat(again).isInstanceOf(Landing.Refused.class);
  }

  @Test
  default void a_unit_is_taken_away_by_its_permit_and_no_other_with_it(@TempDir Path temp)
      throws Exception {
    SortedMap<String, byte[]> files = Cargoes.files();
    Unit first = Cargoes.unit(1, files);
    Unit second = Cargoes.unit(2, files);
    for (Unit unit : List.of(first, second)) {
      target().land(RUN, unit, new Staged(data(temp, files), false), Cargoes::prove);
    }
    Target target = target();
    target.erase(RUN, GrantedPermit.of(first.id(), second.id()));
    assertThat(target.units(RUN)).containsExactly(second);
    assertThat(target.unit(RUN, first.id())).isEmpty();
    assertThat(target.stillThere(RUN, first.id(), first.manifest(), Target.Look.SIZES)).isFalse();
    assertThat(target.stillThere(RUN, second.id(), second.manifest(), Target.Look.DIGESTS))
        .isTrue();
    // Once more, as after a crash.
    target.erase(RUN, GrantedPermit.of(first.id(), second.id()));
    assertThat(target.units(RUN)).containsExactly(second);
  }

  @Test
  default void runs_and_units_are_apart(@TempDir Path temp) throws Exception {
    SortedMap<String, byte[]> files = Cargoes.files();
    Unit first = Cargoes.unit(1, files);
    Unit second = Cargoes.unit(2, files);
    target().land(RUN, first, new Staged(data(temp, files), false), Cargoes::prove);
    target().land(RUN, second, new Staged(data(temp, files), false), Cargoes::prove);
    target().land(new RunId("other"), first, new Staged(data(temp, files), false), Cargoes::prove);
    assertThat(target().units(RUN)).containsExactlyInAnyOrder(first, second);
    assertThat(target().units(new RunId("other"))).isEqualTo(List.of(first));
    assertThat(target().units(new RunId("none"))).isEmpty();
    assertThat(Files.exists(temp)).isTrue();
  }
}
