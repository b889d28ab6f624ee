package dev.salvor.agent.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.salvor.common.checkpoint.PinPlace;
import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.checkpoint.UnitId;
import dev.salvor.common.disk.Ballast;
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

/// A checkpoint that is home is removed from the disk by order, and nothing else ever is.
final class PruningTest {
  @TempDir Path box;
  private final AtomicLong nanos = new AtomicLong();
  private Path checkpoints;
  private Catalog catalog;
  private final List<Unit> units = new ArrayList<>();

  @BeforeEach
  void train() throws IOException {
    checkpoints = Files.createDirectories(box.resolve("work/ckpt"));
    catalog = open();
    for (int step = 1; step <= 3; step++) {
      Path directory = Files.createDirectories(at(step));
      Files.write(directory.resolve("model.safetensors"), weights(step));
      Files.writeString(directory.resolve("config.json"), "{}");
      Files.writeString(directory.resolve("trainer_state.json"), "{\"global_step\": " + step + "}");
      gives(step);
    }
    assertThat(units).hasSize(3);
    assertThat(catalog.rescan()).isEmpty();
  }

  /// The system tells of a change when it comes to it.
  private void gives(int count) throws IOException {
    long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (units.size() < count && System.nanoTime() < deadline) {
      units.addAll(catalog.rescan());
    }
  }

  @AfterEach
  void close() throws IOException {
    catalog.close();
  }

  private Catalog open() throws IOException {
    return new Catalog(
        new Catalog.Roots(box, box.resolve("home"), List.of("/work/ckpt"), List.of()),
        new Ballast(box.resolve("home/ballast")),
        new Catalog.Life(1, 1, units.size()),
        CargoReader.here(),
        new Completion.Timing(Duration.ofSeconds(10), nanos::get));
  }

  private Path at(int step) {
    return checkpoints.resolve("checkpoint-" + step);
  }

  private UnitId id(int step) {
    return units.get(step - 1).id();
  }

  private static byte[] weights(int value) {
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

  private void refused(int step, List<UnitId> stays, String why) {
    assertThatThrownBy(() -> catalog.prune(id(step), stays))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(why);
    assertThat(at(step)).isDirectory();
    assertThat(box.resolve("work/.salvor/trash")).isEmptyDirectory();
  }

  @Test
  void what_is_home_goes_with_its_pin_and_all_else_stays() throws IOException {
    assertThat(PinPlace.find(at(3), id(3))).isPresent();
    catalog.prune(id(1), List.of(id(3)));
    assertThat(at(1)).doesNotExist();
    assertThat(at(2)).isDirectory();
    assertThat(at(3)).isDirectory();
    assertThat(box.resolve("work/.salvor/trash")).isEmptyDirectory();
    assertThat(catalog.rescan()).isEmpty();
    catalog.prune(id(3), List.of(id(2)));
    assertThat(PinPlace.find(at(3), id(3))).isEmpty();
    assertThat(Files.exists(at(3))).isFalse();
  }

  @Test
  void one_that_is_gone_already_is_no_error() throws IOException {
    catalog.prune(id(1), List.of(id(3)));
    catalog.prune(id(1), List.of(id(3)));
    assertThat(at(1)).doesNotExist();
  }

  @Test
  void what_was_changed_since_it_was_given_stays() throws IOException {
    Files.write(at(1).resolve("model.safetensors"), weights(9));
    refused(1, List.of(id(3)), "does not lie at /work/ckpt/checkpoint-1 any more as it was given");
  }

  @Test
  void what_holds_more_than_was_copied_stays() throws IOException {
    Files.createSymbolicLink(at(1).resolve("notes"), Path.of("/etc/passwd"));
    refused(1, List.of(id(3)), "holds more than was copied");
    assertThat(at(1).resolve("notes")).isSymbolicLink();
  }

  @Test
  void without_what_is_to_stay_nothing_goes() throws IOException {
    Files.delete(at(3).resolve("model.safetensors"));
    refused(1, List.of(id(3)), "checkpoint-3");
    refused(1, List.of(id(1)), "files in common");
    refused(1, List.of(new UnitId(1, 1, 77, id(1).manifestDigest())), "has given no unit");
  }

  @Test
  void what_somebody_writes_to_stays() throws IOException {
    try (OutputStream writer =
        Files.newOutputStream(
            at(1).resolve("config.json"), java.nio.file.StandardOpenOption.WRITE)) {
      refused(1, List.of(id(3)), "open for writing");
      assertThat(writer).isNotNull();
    }
  }

  @Test
  void single_files_go_one_by_one_and_an_agent_that_comes_anew_knows_them() throws IOException {
    Path file = checkpoints.resolve("step_7.safetensors");
    Path temp = Files.write(checkpoints.resolve(".step_7.tmp"), weights(7));
    assertThat(catalog.rescan()).isEmpty();
    Files.move(temp, file);
    gives(4);
    assertThat(catalog.rescan()).isEmpty();
    catalog.close();
    catalog = open();
    catalog.prune(units.getLast().id(), List.of(id(3)));
    assertThat(file).doesNotExist();
    assertThat(at(3)).isDirectory();
  }

  @Test
  void what_a_crash_left_in_the_trash_goes_only_if_it_had_been_looked_at_there()
      throws IOException {
    Path trash = box.resolve("work/.salvor/trash");
    Files.write(trash.resolve("looked-at.0.gone"), weights(1));
    Files.write(trash.resolve("of-nobody.0"), weights(2));
    Files.move(at(1), trash.resolve(id(1) + ".0"));
    Files.move(at(2), trash.resolve(id(2) + ".0"));
    Files.createDirectory(at(2));
    catalog.close();
    catalog = open();
    assertThat(trash.resolve("looked-at.0.gone")).doesNotExist();
    assertThat(trash.resolve("of-nobody.0")).exists();
    assertThat(at(1).resolve("config.json")).exists();
    assertThat(trash.resolve(id(2) + ".0").resolve("config.json"))
        .as("its place is taken")
        .exists();
    assertThat(at(2)).isEmptyDirectory();
  }

  @Test
  void what_lies_in_the_trash_is_not_written_over() throws IOException {
    Path left = box.resolve("work/.salvor/trash").resolve(id(1) + ".0");
    Files.writeString(left, "all there is of it");
    catalog.prune(id(1), List.of(id(3)));
    assertThat(left).hasContent("all there is of it");
    assertThat(at(1)).as("by the other trash").doesNotExist();
  }
}
