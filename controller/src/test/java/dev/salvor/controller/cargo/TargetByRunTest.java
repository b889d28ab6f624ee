package dev.salvor.controller.cargo;

import static dev.salvor.controller.cargo.Cargoes.RUN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.unit.RunId;
import dev.salvor.controller.core.TargetPlace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TargetByRunTest implements TargetContract {
  @TempDir Path root;

  @Override
  public Target target() {
    return new TargetByRun(
        run -> List.of(TargetPlace.parse(root.resolve("kept-" + run).toString())),
        TargetByRunTest::directory);
  }

  private static Target directory(TargetPlace place) {
    return new DirectoryTarget(Path.of(place.toString()));
  }

  @Override
  public void damage(RunId run, Unit unit, String path) throws Exception {
    Cargoes.bend(Path.of(target().place(run, unit.id())).resolve("data").resolve(path));
  }

  @Test
  void each_run_has_its_own_and_sees_no_others(@TempDir Path temp) throws Exception {
    SortedMap<String, byte[]> files = Cargoes.files();
    Unit unit = Cargoes.unit(1, files);
    Path data = temp.resolve("data");
    Cargoes.write(data, files);
    Target target = target();
    target.land(RUN, unit, new Staged(data, false), Cargoes::prove);
    assertThat(root.resolve("kept-demo/demo").resolve(unit.id().toString())).isDirectory();
    assertThat(target.units(new RunId("other"))).isEmpty();
  }

  @Test
  void where_nobody_can_tell_the_place_nothing_is_put_anywhere() {
    Target lost =
        new TargetByRun(
            run -> {
              throw new IOException("no answer");
            },
            TargetByRunTest::directory);
    Unit unit = Cargoes.unit(1, Cargoes.files());
    assertThatThrownBy(() -> lost.land(RUN, unit, new Staged(root, false), Cargoes::prove))
        .isInstanceOf(CargoException.class)
        .hasMessageContaining("no answer");
    assertThat(root).isEmptyDirectory();
  }
}
