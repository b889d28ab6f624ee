package dev.salvor.controller.cargo;

import static dev.salvor.controller.cargo.Cargoes.RUN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.salvor.common.checkpoint.Completeness;
import dev.salvor.common.checkpoint.FileEntry;
import dev.salvor.common.checkpoint.Manifest;
import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.checkpoint.UnitId;
import dev.salvor.common.checkpoint.UnitKind;
import dev.salvor.common.unit.Sha256;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ExportTest {
  @TempDir Path temp;

  @Test
  void the_newest_capture_comes_whole_below_the_root_of_results() throws Exception {
    land(1, 1, "files", "/work", Map.of("a", "old", "gone", "old"));
    land(1, 2, "files", "/work", Map.of("a", "new", "deep/b", "b"));
    land(1, 3, "files", "/out", Map.of("c", "c"));
    Export.Brought brought = export().orElseThrow();
    assertThat(brought.files()).isEqualTo(3);
    assertThat(brought.already()).isFalse();
    assertThat(texts(to())).isEqualTo(Map.of("a", "new", "deep/b", "b", "out/c", "c"));
  }

  @Test
  void parts_of_one_capture_belong_together_and_a_last_part_ends_what_was_behind_it()
      throws Exception {
    land(1, 1, "files-part-1", "/work", Map.of("a", "1"));
    land(1, 2, "files-part-2", "/work", Map.of("b", "1"));
    land(1, 3, "files-last-part-3", "/work", Map.of("c", "1"));
    land(1, 4, "files-last-part-2", "/work", Map.of("b", "2"));
    assertThat(export()).isPresent();
    assertThat(texts(to())).isEqualTo(Map.of("a", "1", "b", "2"));
  }

  @Test
  void what_tasks_left_on_an_earlier_box_comes_too() throws Exception {
    land(1, 1, "files", "/work", Map.of("task-1", "one", "both", "old"));
    land(2, 1, "files", "/work", Map.of("task-2", "two", "both", "new"));
    assertThat(export()).isPresent();
    assertThat(texts(to())).isEqualTo(Map.of("task-1", "one", "task-2", "two", "both", "new"));
  }

  @Test
  void nothing_that_lies_there_is_written_over() throws Exception {
    land(1, 1, "files", "/work", Map.of("a", "one"));
    assertThat(export()).isPresent();
    assertThat(export().orElseThrow().already()).isTrue();
    Files.writeString(to().resolve("a"), "mine");
    Export.Brought beside = export().orElseThrow();
    assertThat(beside.place()).isEqualTo(to().resolveSibling("job-2"));
    assertThat(texts(to())).isEqualTo(Map.of("a", "mine"));
    assertThat(texts(beside.place())).isEqualTo(Map.of("a", "one"));
  }

  @Test
  void a_copy_that_is_not_what_its_receipt_says_is_refused_and_leaves_nothing() throws Exception {
    Unit unit = land(1, 1, "files", "/work", Map.of("a", "one", "b", "two"));
    Files.writeString(Path.of(target().place(RUN, unit.id())).resolve("data/b"), "owt");
    assertThatThrownBy(this::export).hasMessageContaining("is not what its receipt says");
    try (Stream<Path> left = Files.list(temp.resolve("work_remote"))) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void a_run_without_results_has_none() throws Exception {
    assertThat(export()).isEmpty();
    assertThat(temp.resolve("work_remote")).doesNotExist();
  }

  @Test
  void a_checkpoint_comes_by_its_step_and_no_other() throws Exception {
    Unit one = Cargoes.unit(1, new TreeMap<>(Map.of("a", new byte[] {1})));
    Unit two = Cargoes.unit(2, new TreeMap<>(Map.of("a", new byte[] {2}, "b", new byte[] {3})));
    for (Unit unit : List.of(one, two)) {
      Path data = temp.resolve("data-" + unit.step());
      Map<String, byte[]> bytes = new TreeMap<>();
      bytes.put("a", new byte[] {unit.equals(one) ? (byte) 1 : (byte) 2});
      if (unit.equals(two)) {
        bytes.put("b", new byte[] {3});
      }
      Cargoes.write(data, bytes);
      assertThat(target().land(RUN, unit, new Staged(data, false), Cargoes::prove))
          .isInstanceOf(Landing.Landed.class);
    }
    Export export = new Export(target(), RUN);
    assertThat(export.checkpoint(two.step(), to()).orElseThrow().files()).isEqualTo(2);
    assertThat(Files.readAllBytes(to().resolve("step-2/a"))).containsExactly(2);
    assertThat(export.checkpoint(one.step(), to().resolveSibling("one"))).isPresent();
    assertThat(Files.readAllBytes(to().resolveSibling("one").resolve("a"))).containsExactly(1);
    assertThat(export.checkpoint(7, to())).isEmpty();
  }

  private java.util.Optional<Export.Brought> export() throws CargoException {
    return new Export(target(), RUN).results(to());
  }

  private Path to() {
    return temp.resolve("work_remote").resolve("job");
  }

  private Target target() {
    return new DirectoryTarget(temp.resolve("kept"));
  }

  private Unit land(int generation, long seq, String format, String root, Map<String, String> files)
      throws Exception {
    Map<String, byte[]> bytes = new TreeMap<>();
    files.forEach((path, text) -> bytes.put(path, text.getBytes(StandardCharsets.UTF_8)));
    List<FileEntry> entries = new ArrayList<>();
    bytes.forEach((path, data) -> entries.add(new FileEntry(path, data.length, Sha256.of(data))));
    Manifest manifest = new Manifest(root, entries);
    Unit unit =
        new Unit(
            new UnitId(generation, 1, seq, manifest.digest()),
            UnitKind.RESULTS,
            format,
            0,
            Completeness.INFERRED,
            manifest,
            Instant.EPOCH);
    Path data = Files.createDirectories(temp.resolve("data-" + generation + "-" + seq));
    Cargoes.write(data, bytes);
    assertThat(target().land(RUN, unit, new Staged(data, false), Cargoes::prove))
        .isInstanceOf(Landing.Landed.class);
    return unit;
  }

  private static Map<String, String> texts(Path directory) throws Exception {
    Map<String, String> texts = new TreeMap<>();
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        texts.put(directory.relativize(file).toString(), Files.readString(file));
      }
    }
    return texts;
  }
}
