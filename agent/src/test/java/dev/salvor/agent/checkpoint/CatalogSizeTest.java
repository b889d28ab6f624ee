package dev.salvor.agent.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.agent.core.Report;
import dev.salvor.common.checkpoint.FileEntry;
import dev.salvor.common.checkpoint.PinPlace;
import dev.salvor.common.checkpoint.ResultsPart;
import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.checkpoint.UnitKind;
import dev.salvor.common.disk.Ballast;
import dev.salvor.common.wire.UnitWire;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Trees of very many files and files of very many bytes. With -Dsalvor.files=N the tree has as
/// many files as asked for.
final class CatalogSizeTest {
  private static final int FILES = Integer.getInteger("salvor.files", 8_000);

  /// Long names fill a list with few files.
  private static final String NAME = "sample-%07d-" + "x".repeat(200) + ".json";

  /// A message of the link is at most 4 MiB where it is spooled.
  private static final int MAX_FRAME = 4 << 20;

  @TempDir Path box;
  private final AtomicLong nanos = new AtomicLong();

  private Catalog catalog() throws IOException {
    return new Catalog(
        new Catalog.Roots(box, box.resolve("home"), List.of("/work/ckpt"), List.of("/work/out")),
        new Ballast(box.resolve("home/ballast")),
        new Catalog.Life(1, 1, 0),
        CargoReader.here(),
        new Completion.Timing(Duration.ofSeconds(10), nanos::get));
  }

  private static void files(Path directory, int count) throws IOException {
    for (int i = 0; i < count; i++) {
      Path below = directory.resolve("d%03d".formatted(i / 1000));
      if (i % 1000 == 0) {
        Files.createDirectories(below);
      }
      Files.createFile(below.resolve(NAME.formatted(i)));
    }
  }

  @Test
  void results_of_very_many_files_are_given_in_parts_and_none_is_left_out() throws IOException {
    files(box.resolve("work/out"), FILES);
    Set<String> given = new HashSet<>();
    List<Unit> parts = new ArrayList<>();
    long began = System.nanoTime();
    long most = 0;
    try (Catalog catalog = catalog()) {
      for (Unit unit : CatalogTest.settled(catalog)) {
        most = Math.max(most, UnitWire.write(unit).getSerializedSize());
        unit.manifest().files().stream().map(FileEntry::path).forEach(given::add);
        parts.add(unit);
      }
      assertThat(catalog.odd()).isEmpty();
      assertThat(CatalogTest.settled(catalog)).isEmpty();
    }
    System.out.printf(
        "CatalogSizeTest: MEASURED %d files in %d units, the largest %d bytes on the wire, %d ms%n",
        given.size(), parts.size(), most, (System.nanoTime() - began) / 1_000_000);
    assertThat(given).hasSize(FILES);
    assertThat(most).isLessThan(MAX_FRAME);
    assertThat(parts).hasSizeGreaterThan(1).allMatch(unit -> unit.kind() == UnitKind.RESULTS);
    for (int i = 0; i < parts.size(); i++) {
      ResultsPart part = new ResultsPart(i + 1, i == parts.size() - 1);
      assertThat(ResultsPart.of(parts.get(i))).isEqualTo(part);
      assertThat(parts.get(i).format()).matches("[a-z0-9][a-z0-9-]{0,39}");
    }
  }

  @Test
  void a_part_that_changed_is_given_again_and_the_others_are_not() throws IOException {
    files(box.resolve("work/out"), 6_000);
    try (Catalog catalog = catalog()) {
      int parts = CatalogTest.settled(catalog).size();
      Files.writeString(box.resolve("work/out/d000/" + NAME.formatted(3)), "{}");
      List<Unit> again = CatalogTest.settled(catalog);
      assertThat(parts).isGreaterThan(1);
      assertThat(again).hasSize(1);
      assertThat(ResultsPart.of(again.getFirst()).number()).isEqualTo(1);
    }
  }

  @Test
  void what_could_not_be_kept_is_given_again() throws IOException {
    files(box.resolve("work/out"), 10);
    try (Catalog catalog = catalog()) {
      assertThat(catalog.settle().units()).isEmpty();
      List<Unit> first = catalog.settle().units();
      catalog.takeBack();
      assertThat(CatalogTest.settled(catalog))
          .extracting(Unit::manifest)
          .isEqualTo(first.stream().map(Unit::manifest).toList());
    }
  }

  @Test
  void a_checkpoint_of_too_many_files_is_told_and_copied_as_results() throws IOException {
    files(box.resolve("work/ckpt/step_5"), 13_000);
    Files.writeString(box.resolve("work/ckpt/step_5/model.safetensors"), "x");
    try (Catalog catalog = catalog()) {
      assertThat(catalog.rescan()).isEmpty();
      List<Report.Notice> notices = catalog.notices();
      assertThat(notices).extracting(Report.Notice::key).containsExactly("unit-too-large-1");
      assertThat(notices.getFirst().what()).contains("/work/ckpt/step_5", "files");
      assertThat(catalog.rescan()).isEmpty();
      assertThat(catalog.notices()).isEmpty();
      List<Unit> units = CatalogTest.settled(catalog);
      long files = units.stream().mapToLong(unit -> unit.manifest().files().size()).sum();
      assertThat(files).isEqualTo(13_001);
    }
  }

  @Test
  void a_hundred_gigabytes_are_found_and_pinned_without_being_read() throws IOException {
    Path directory = Files.createDirectories(box.resolve("work/ckpt"));
    try (RandomAccessFile sparse =
        new RandomAccessFile(directory.resolve("step-9.safetensors").toFile(), "rw")) {
      sparse.setLength(100L << 30);
    }
    try (Catalog catalog = catalog()) {
      assertThat(catalog.rescan()).isEmpty();
      assertThat(catalog.need().bytes()).isEqualTo(100L << 30);
      assertThat(catalog.need().files()).isEqualTo(1);
    }
  }

  @Test
  void a_step_that_was_rotated_away_uncopied_is_told_once() throws IOException {
    try (Catalog catalog = catalog()) {
      List<Unit> units = new ArrayList<>();
      for (int step = 1; step <= 4; step++) {
        Path directory = Files.createDirectories(box.resolve("work/ckpt/checkpoint-" + step));
        Files.writeString(directory.resolve("model.safetensors"), "weights " + step);
        Files.writeString(
            directory.resolve("trainer_state.json"), "{\"global_step\":" + step + "}");
        units.addAll(catalog.rescan());
      }
      assertThat(units).hasSize(4);
      for (int step = 1; step <= 3; step++) {
        dev.salvor.common.disk.Trees.remove(box.resolve("work/ckpt/checkpoint-" + step));
      }
      assertThat(catalog.rescan()).isEmpty();
      assertThat(catalog.notices()).extracting(Report.Notice::key).containsExactly("steps-skipped");
      assertThat(PinPlace.find(box.resolve("work/ckpt/checkpoint-4"), units.getLast().id()))
          .isPresent();
    }
  }

  @Test
  void without_watches_a_rename_is_not_seen_and_quiet_decides() throws IOException {
    try (RenameWatch blind = new RenameWatch(0)) {
      Path directory = Files.createDirectories(box.resolve("work/ckpt"));
      blind.watch(directory);
      Path temp = Files.writeString(box.resolve("work/x.tmp"), "x");
      Files.move(temp, directory.resolve("step-1.pt"));
      blind.drain();
      assertThat(blind.fileArrived(directory.resolve("step-1.pt"))).isFalse();
    }
  }
}
