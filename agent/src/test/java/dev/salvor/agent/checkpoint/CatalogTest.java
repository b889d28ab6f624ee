package dev.salvor.agent.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.common.checkpoint.Completeness;
import dev.salvor.common.checkpoint.FileEntry;
import dev.salvor.common.checkpoint.PinPlace;
import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.checkpoint.UnitKind;
import dev.salvor.common.disk.Ballast;
import dev.salvor.common.framework.Names;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CatalogTest {
  private static final Duration QUIET = Duration.ofSeconds(10);
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir Path box;
  private final AtomicLong nanos = new AtomicLong();
  private final List<Catalog> open = new ArrayList<>();
  private Path checkpoints = Path.of("unset");

  @BeforeEach
  void make_the_box() throws IOException {
    checkpoints = Files.createDirectories(box.resolve("work/ckpt"));
  }

  @AfterEach
  void close_the_catalogs() throws IOException {
    for (Catalog catalog : open) {
      catalog.close();
    }
  }

  private Catalog catalog(int boot) throws IOException {
    return catalog(boot, 0);
  }

  /// Of an agent that has reported the boot's units up to that number.
  private Catalog catalog(int boot, long told) throws IOException {
    Catalog.Roots roots =
        new Catalog.Roots(box, box.resolve("home"), List.of("/work/ckpt"), List.of("/work"));
    Catalog catalog =
        new Catalog(
            roots,
            new Ballast(box.resolve("home/ballast")),
            new Catalog.Life(1, boot, told),
            CargoReader.here(),
            new Completion.Timing(QUIET, nanos::get));
    open.add(catalog);
    return catalog;
  }

  private static byte[] safetensors(int value) {
    byte[] header =
        "{\"w\":{\"dtype\":\"I32\",\"shape\":[1],\"data_offsets\":[0,4]}}"
            .getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(8 + header.length + 4)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(header.length)
        .put(header)
        .putInt(value)
        .array();
  }

  private void renameIntoPlace(String name, int value) throws IOException {
    Path temp = Files.write(checkpoints.resolve("." + name + ".tmp"), safetensors(value));
    Files.move(temp, checkpoints.resolve(name));
  }

  private void trainerDirectory(int step) throws IOException {
    Path directory = Files.createDirectories(checkpoints.resolve("run/checkpoint-" + step));
    Files.write(directory.resolve("model.safetensors"), safetensors(step));
    Files.writeString(directory.resolve("config.json"), "{}");
    Files.writeString(directory.resolve("trainer_state.json"), "{\"global_step\": " + step + "}");
  }

  /// Everything that the end of a job leaves.
  static List<Unit> settled(Catalog catalog) throws IOException {
    List<Unit> units = new ArrayList<>();
    boolean more = true;
    while (more) {
      Catalog.Settled some = catalog.settle();
      units.addAll(some.units());
      more = some.more();
    }
    return units;
  }

  private static List<Unit> rescanUntil(Catalog catalog, int units) throws IOException {
    List<Unit> found = new ArrayList<>();
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (found.size() < units && System.nanoTime() < deadline) {
      found.addAll(catalog.rescan());
      Thread.onSpinWait();
    }
    assertThat(found).hasSize(units);
    return found;
  }

  @Test
  void a_file_renamed_into_place_is_committed_at_once() throws IOException {
    Catalog catalog = catalog(1);
    assertThat(catalog.rescan()).isEmpty();
    renameIntoPlace("model-step100.safetensors", 1);
    Unit unit = rescanUntil(catalog, 1).getFirst();
    assertThat(unit.completeness()).isEqualTo(Completeness.COMMITTED);
    assertThat(unit.kind()).isEqualTo(UnitKind.CHECKPOINT);
    assertThat(unit.step()).isEqualTo(100);
    assertThat(unit.format()).isEqualTo("safetensors");
    assertThat(unit.manifest().root()).isEqualTo("/work/ckpt");
    assertThat(unit.manifest().files())
        .extracting(FileEntry::path)
        .containsExactly("model-step100.safetensors");
    assertThat(unit.id().toString()).startsWith("g1-b1-c0001-");
    assertThat(catalog.position()).isEqualTo(1);
    assertThat(catalog.rescan()).isEmpty();
  }

  @Test
  void a_file_seen_under_its_temporary_name_is_committed_when_it_has_its_own() throws IOException {
    Path temp = Files.write(checkpoints.resolve("step-7.pt.tmp"), new byte[] {(byte) 0x80, 2});
    Catalog catalog = catalog(1);
    assertThat(catalog.rescan()).isEmpty();
    Files.move(temp, checkpoints.resolve("step-7.pt"));
    assertThat(rescanUntil(catalog, 1).getFirst().step()).isEqualTo(7);
  }

  @Test
  void a_file_that_was_there_before_is_inferred_after_quiet() throws IOException {
    Files.write(checkpoints.resolve("step-5.safetensors"), safetensors(5));
    Catalog catalog = catalog(1);
    assertThat(catalog.rescan()).isEmpty();
    nanos.addAndGet(QUIET.toNanos() / 2);
    assertThat(catalog.rescan()).isEmpty();
    nanos.addAndGet(QUIET.toNanos() / 2);
    List<Unit> units = catalog.rescan();
    assertThat(units).hasSize(1);
    assertThat(units.getFirst().completeness()).isEqualTo(Completeness.INFERRED);
  }

  @Test
  void a_file_that_keeps_changing_or_is_torn_is_never_inferred() throws IOException {
    Path torn = checkpoints.resolve("step-6.safetensors");
    Files.write(torn, java.util.Arrays.copyOf(safetensors(6), 40));
    Path growing = checkpoints.resolve("step-7.bin.pt");
    Catalog catalog = catalog(1);
    for (int i = 0; i < 8; i++) {
      Files.write(growing, new byte[i]);
      assertThat(catalog.rescan()).isEmpty();
      nanos.addAndGet(QUIET.toNanos() / 2);
    }
  }

  @Test
  void a_file_that_a_process_has_open_for_writing_is_not_complete() throws IOException {
    Path file = checkpoints.resolve("step-8.safetensors");
    Files.write(file, safetensors(8));
    Catalog catalog = catalog(1);
    try (OutputStream writer =
        Files.newOutputStream(file, java.nio.file.StandardOpenOption.APPEND)) {
      assertThat(settled(catalog)).extracting(Unit::kind).doesNotContain(UnitKind.CHECKPOINT);
      writer.flush();
    }
    assertThat(settled(catalog)).extracting(Unit::step).contains(8L);
  }

  @Test
  void a_trainer_directory_is_complete_when_its_state_is_written() throws IOException {
    Path directory = Files.createDirectories(checkpoints.resolve("run/checkpoint-500"));
    Files.write(directory.resolve("model.safetensors"), safetensors(1));
    Files.write(directory.resolve("optimizer.pt"), new byte[10]);
    Catalog catalog = catalog(1);
    assertThat(catalog.rescan()).isEmpty();
    Files.writeString(directory.resolve("trainer_state.json"), "{\"global_step\": 500}");
    assertThat(catalog.rescan()).isEmpty();
    Files.write(directory.resolve("scheduler.pt"), new byte[10]);
    Files.write(directory.resolve("rng_state.pth"), new byte[10]);
    Files.writeString(directory.resolve("trainer_state.json"), "{\"global_step\": 500");
    assertThat(catalog.rescan()).isEmpty();
    Files.writeString(directory.resolve("trainer_state.json"), "{\"global_step\": 500}");
    Unit unit = catalog.rescan().getFirst();
    assertThat(unit.format()).isEqualTo("hf-trainer");
    assertThat(unit.step()).isEqualTo(500);
    assertThat(unit.completeness()).isEqualTo(Completeness.COMMITTED);
    assertThat(unit.manifest().root()).isEqualTo("/work/ckpt/run/checkpoint-500");
    assertThat(unit.manifest().files()).hasSize(5);
  }

  @Test
  void a_step_directory_renamed_into_place_is_committed() throws IOException {
    Catalog catalog = catalog(1);
    assertThat(catalog.rescan()).isEmpty();
    Path temp = Files.createDirectories(checkpoints.resolve("step_30.tmp"));
    Files.write(temp.resolve("model.safetensors"), safetensors(3));
    Files.move(temp, checkpoints.resolve("step_30"));
    Unit unit = rescanUntil(catalog, 1).getFirst();
    assertThat(unit.completeness()).isEqualTo(Completeness.COMMITTED);
    assertThat(unit.step()).isEqualTo(30);
  }

  @Test
  void ids_rise_and_survive_a_restart_of_the_agent() throws IOException {
    trainerDirectory(1);
    Catalog first = catalog(1);
    assertThat(first.rescan()).hasSize(1);
    assertThat(first.rescan()).isEmpty();
    Catalog restarted = catalog(1, 1);
    assertThat(restarted.position()).isEqualTo(1);
    assertThat(restarted.rescan()).isEmpty();
    trainerDirectory(2);
    assertThat(restarted.rescan()).extracting(unit -> unit.id().captureSeq()).containsExactly(2L);
  }

  @Test
  void a_unit_given_just_before_a_crash_is_given_again_unless_it_was_told() throws IOException {
    trainerDirectory(1);
    Unit given = catalog(1).rescan().getFirst();
    assertThat(catalog(1, 1).rescan()).isEmpty();
    Catalog restarted = catalog(1, 0);
    Unit again = restarted.rescan().getFirst();
    assertThat(again.manifest()).isEqualTo(given.manifest());
    assertThat(again.id().captureSeq()).isEqualTo(2);
    assertThat(restarted.rescan()).isEmpty();
  }

  @Test
  void what_a_crash_kept_from_being_told_is_not_overtaken_by_what_came_later() throws IOException {
    trainerDirectory(1);
    assertThat(catalog(1).rescan()).hasSize(1);
    Catalog restarted = catalog(1, 0);
    trainerDirectory(2);
    List<Unit> units = new ArrayList<>(restarted.rescan());
    units.addAll(restarted.rescan());
    assertThat(units).extracting(Unit::step).containsExactlyInAnyOrder(1L, 2L);
    assertThat(units).extracting(unit -> unit.id().captureSeq()).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void a_unit_of_an_older_boot_that_may_not_have_been_told_is_given_anew() throws IOException {
    trainerDirectory(1);
    assertThat(catalog(1).rescan()).hasSize(1);
    Unit anew = catalog(2).rescan().getFirst();
    assertThat(anew.id().boot()).isEqualTo(2);
  }

  @Test
  void a_new_boot_counts_anew_and_gives_nothing_old() throws IOException {
    trainerDirectory(1);
    Catalog first = catalog(1);
    first.rescan();
    first.rescan();
    Catalog second = catalog(2);
    assertThat(second.rescan()).isEmpty();
    assertThat(second.position()).isZero();
    trainerDirectory(2);
    Unit unit = second.rescan().getFirst();
    assertThat(unit.id().boot()).isEqualTo(2);
    assertThat(unit.id().captureSeq()).isEqualTo(1);
  }

  @Test
  void the_end_counts_unnumbered_files_and_results_without_checkpoints() throws IOException {
    trainerDirectory(1);
    Files.write(checkpoints.resolve("final.safetensors"), safetensors(9));
    Files.writeString(box.resolve("work/metrics.csv"), "loss\n");
    Files.createSymbolicLink(box.resolve("work/link"), Path.of("/etc/passwd"));
    Catalog catalog = catalog(1);
    assertThat(catalog.rescan()).hasSize(1);
    List<Unit> units = settled(catalog);
    assertThat(units).extracting(Unit::kind).containsExactly(UnitKind.CHECKPOINT, UnitKind.RESULTS);
    assertThat(units.getFirst().manifest().files().getFirst().path())
        .isEqualTo("final.safetensors");
    assertThat(units.getLast().manifest().root()).isEqualTo("/work");
    assertThat(units.getLast().manifest().files())
        .extracting(FileEntry::path)
        .containsExactly("metrics.csv");
    assertThat(catalog.position()).isEqualTo(3);
    assertThat(settled(catalog)).isEmpty();
    Files.writeString(box.resolve("work/metrics.csv"), "loss\n1\n");
    assertThat(settled(catalog)).extracting(Unit::kind).containsExactly(UnitKind.RESULTS);
  }

  @Test
  void a_pin_keeps_what_the_trainer_rotates_away_and_only_two_are_kept() throws IOException {
    Catalog catalog = catalog(1);
    List<Unit> units = new ArrayList<>();
    for (int step = 1; step <= 4; step++) {
      trainerDirectory(step);
      units.addAll(catalog.rescan());
      if (step == 1) {
        Files.createDirectories(box.resolve("home/carry"));
        Files.writeString(box.resolve("home/carry/sending"), units.getFirst().id().toString());
      }
    }
    Path model = checkpoints.resolve("run/checkpoint-1/model.safetensors");
    Files.delete(model);
    Path base = checkpoints.resolve("run/checkpoint-1");
    Path pin = PinPlace.find(base, units.getFirst().id()).orElseThrow();
    assertThat(pin.resolve("model.safetensors")).hasBinaryContent(safetensors(1));
    assertThat(pin).startsWith(box.resolve("work/.salvor/pins"));
    assertThat(PinPlace.find(base, units.get(1).id())).isEmpty();
    assertThat(PinPlace.find(base, units.get(2).id())).isEmpty();
    assertThat(PinPlace.find(base, units.get(3).id())).isPresent();
    catalog.copied(units.getFirst().id());
    assertThat(PinPlace.find(base, units.getFirst().id())).isEmpty();
  }

  @Test
  void what_was_restored_is_no_news() throws IOException {
    trainerDirectory(1);
    Unit unit = catalog(1).rescan().getFirst();
    Files.delete(box.resolve("home/catalog/state"));
    String line = unit.id().manifestDigest() + " %2Fwork%2Fckpt%2Frun%2Fcheckpoint-1\n";
    Files.writeString(box.resolve("home/catalog/restored"), line);
    Catalog next = catalog(1);
    assertThat(next.rescan()).isEmpty();
    assertThat(settled(next)).isEmpty();
    assertThat(next.position()).isZero();
    trainerDirectory(2);
    assertThat(next.rescan()).hasSize(1);
  }

  @Test
  void a_restarted_agent_takes_over_the_pins() throws IOException {
    trainerDirectory(1);
    Unit unit = catalog(1).rescan().getFirst();
    Path base = checkpoints.resolve("run/checkpoint-1");
    assertThat(PinPlace.find(base, unit.id())).isPresent();
    catalog(1).copied(unit.id());
    assertThat(PinPlace.find(base, unit.id())).isEmpty();
  }

  @Test
  void steps_are_read_from_names() {
    assertThat(Names.step("epoch=3-step=120.ckpt")).hasValue(120);
    assertThat(Names.step("checkpoint-500")).hasValue(500);
    assertThat(Names.step("model_0042.pt")).hasValue(42);
    assertThat(Names.step("last.ckpt")).isEmpty();
    assertThat(Names.isStepDirectory("my-run-step-7")).isTrue();
    assertThat(Names.isStepDirectory("run7")).isFalse();
    assertThat(Names.isSingleFile("model-00001-of-00002.safetensors")).isFalse();
  }
}
