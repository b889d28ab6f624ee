package dev.salvor.controller.cargo;

import static dev.salvor.controller.cargo.Cargoes.RUN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.unit.RunId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DirectoryTargetTest implements TargetContract {
  @TempDir Path root;

  @Override
  public Target target() {
    return new DirectoryTarget(root.resolve("kept"));
  }

  @Override
  public void damage(RunId run, Unit unit, String path) throws Exception {
    Cargoes.bend(Path.of(target().place(run, unit.id())).resolve("data").resolve(path));
  }

  @Test
  void a_landing_cut_off_before_its_rename_is_begun_anew(@TempDir Path temp) throws Exception {
    SortedMap<String, byte[]> files = Cargoes.files();
    Unit unit = Cargoes.unit(1, files);
    Path torn = root.resolve("kept/demo/.incoming-" + unit.id() + "/data");
    Files.createDirectories(torn);
    Files.writeString(torn.resolve("model.bin"), "half");
    Path data = temp.resolve("data");
    Cargoes.write(data, files);
    assertThat(target().units(RUN)).isEmpty();
    assertThat(target().land(RUN, unit, new Staged(data, false), Cargoes::prove))
        .isInstanceOf(Landing.Landed.class);
    assertThat(torn.getParent()).doesNotExist();
    assertThat(target().stillThere(RUN, unit.id(), unit.manifest(), Target.Look.DIGESTS)).isTrue();
  }

  @Test
  void a_link_in_place_of_a_file_is_not_there(@TempDir Path temp) throws Exception {
    SortedMap<String, byte[]> files = Cargoes.files();
    Unit unit = Cargoes.unit(1, files);
    Path data = temp.resolve("data");
    Cargoes.write(data, files);
    target().land(RUN, unit, new Staged(data, false), Cargoes::prove);
    Path file = Path.of(target().place(RUN, unit.id())).resolve("data/model.bin");
    Path moved = Files.move(file, temp.resolve("moved"));
    Files.createSymbolicLink(file, moved);
    assertThat(target().stillThere(RUN, unit.id(), unit.manifest(), Target.Look.SIZES)).isFalse();
  }
}
