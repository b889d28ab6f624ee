package dev.salvor.controller.cargo;

import static dev.salvor.controller.cargo.Cargoes.BLOCK;
import static dev.salvor.controller.cargo.Cargoes.RUN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.salvor.common.checkpoint.FileEntry;
import dev.salvor.common.checkpoint.Manifest;
import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.unit.Sha256;
import dev.salvor.controller.cargo.CargoException.Kind;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StagingTest {
  private static final int ALL = Integer.MAX_VALUE;

  @TempDir Path temp;
  private final SortedMap<String, byte[]> files = Cargoes.files();
  private final Unit unit = Cargoes.unit(1, files);

  private Staging staging() {
    return staging(new CargoLimits(100, 1 << 20, 0));
  }

  private Staging staging(CargoLimits limits) {
    return new Staging(
        temp.resolve("staging"),
        new DirectoryTarget(temp.resolve("target")),
        Cargoes::prove,
        limits);
  }

  private static Kind kindOf(Throwable thrown) {
    return ((CargoException) thrown).kind();
  }

  @Test
  void a_whole_copy_lands_and_leaves_no_staging() throws Exception {
    Staging staging = staging();
    try (Copy copy = staging.open(RUN, unit, BLOCK)) {
      assertThat(copy.held()).isEmpty();
      assertThat(Cargoes.send(copy, files, ALL)).isEqualTo(5);
      assertThat(copy.settle()).isInstanceOf(Landing.Landed.class);
    }
    assertThat(staging.target().unit(RUN, unit.id())).contains(unit);
    assertThat(temp.resolve("staging/demo/" + unit.id())).doesNotExist();
  }

  @Test
  void a_copy_cut_off_resumes_at_the_block() throws Exception {
    Copy killed = staging().open(RUN, unit, BLOCK);
    assertThat(Cargoes.send(killed, files, 3)).isEqualTo(3);
    Copy resumed = staging().open(RUN, unit, BLOCK);
    assertThat(resumed.held()).hasSize(3);
    assertThat(Cargoes.send(resumed, files, ALL)).isEqualTo(2);
    assertThat(resumed.settle()).isInstanceOf(Landing.Landed.class);
  }

  @Test
  void a_torn_end_of_the_journal_costs_one_block() throws Exception {
    Cargoes.send(staging().open(RUN, unit, BLOCK), files, 3);
    Path journal = temp.resolve("staging/demo/" + unit.id() + "/blocks");
    try (FileChannel channel = FileChannel.open(journal, StandardOpenOption.WRITE)) {
      channel.truncate(channel.size() - 7);
    }
    Copy resumed = staging().open(RUN, unit, BLOCK);
    assertThat(resumed.held()).hasSize(2);
    Cargoes.send(resumed, files, ALL);
    assertThat(resumed.settle()).isInstanceOf(Landing.Landed.class);
  }

  @Test
  void a_bit_that_flips_in_staging_is_found_and_its_block_sent_again() throws Exception {
    Copy copy = staging().open(RUN, unit, BLOCK);
    Cargoes.send(copy, files, 3);
    copy.close();
    Path staged = temp.resolve("staging/demo/" + unit.id() + "/data/model.bin");
    byte[] bytes = Files.readAllBytes(staged);
    bytes[5000] ^= 4;
    Files.write(staged, bytes);
    try (Copy resumed = staging().open(RUN, unit, BLOCK)) {
      Cargoes.send(resumed, files, ALL);
      assertThat(resumed.settle()).isInstanceOf(Landing.Again.class);
    }
    Copy again = staging().open(RUN, unit, BLOCK);
    assertThat(Cargoes.send(again, files, ALL)).isEqualTo(1);
    assertThat(again.settle()).isInstanceOf(Landing.Landed.class);
  }

  @Test
  void a_refused_copy_is_put_aside_with_its_reason_and_need_not_be_sent_again() throws Exception {
    Staging staging =
        new Staging(
            temp.resolve("staging"),
            new DirectoryTarget(temp.resolve("target")),
            (run, refused, staged, place) -> new Prover.Proof.Disproven("REJECT_UNSAFE: a shell"),
            new CargoLimits(100, 1 << 20, 0));
    Path aside = temp.resolve("staging/demo/quarantine/" + unit.id());
    try (Copy copy = staging.open(RUN, unit, BLOCK)) {
      Cargoes.send(copy, files, ALL);
      assertThat(copy.settle()).isInstanceOf(Landing.Refused.class);
    }
    assertThat(aside.resolve("reason.txt")).content().contains("REJECT_UNSAFE: a shell");
    assertThat(aside.resolve("data/model.bin")).exists();
    assertThat(staging.target().units(RUN)).isEmpty();
    try (Copy again = staging().open(RUN, unit, BLOCK)) {
      assertThat(again.held()).hasSize(5);
      assertThat(again.settle()).isInstanceOf(Landing.Landed.class);
    }
    assertThat(aside).doesNotExist();
  }

  @Test
  void only_the_newest_refused_copies_are_kept() throws Exception {
    Staging staging =
        new Staging(
            temp.resolve("staging"),
            new DirectoryTarget(temp.resolve("target")),
            (run, refused, staged, place) -> new Prover.Proof.Disproven("damaged"),
            new CargoLimits(100, 1 << 20, 0));
    for (int i = 1; i <= 5; i++) {
      Path rescued = temp.resolve("rescued" + i);
      Cargoes.write(rescued, files);
      assertThat(staging.importRescued(RUN, Cargoes.unit(i, files), rescued))
          .isInstanceOf(Landing.Refused.class);
    }
    try (var aside = Files.list(temp.resolve("staging/demo/quarantine"))) {
      assertThat(aside).hasSize(3);
    }
  }

  @Test
  void blocks_outside_the_roster_are_hostile() throws Exception {
    Copy copy = staging().open(RUN, unit, BLOCK);
    byte[] data = new byte[BLOCK];
    int[][] places = {{-1, 0}, {3, 0}, {0, 0}, {1, -1}, {1, 3}, {1, 2}};
    for (int[] place : places) {
      assertThatThrownBy(() -> copy.accept(place[0], place[1], List.of(ByteBuffer.wrap(data))))
          .satisfies(thrown -> assertThat(kindOf(thrown)).isEqualTo(Kind.HOSTILE));
    }
  }

  @Test
  void blocks_that_hash_but_are_not_the_manifests_never_land() throws Exception {
    SortedMap<String, byte[]> other = Cargoes.files();
    Cargoes.content(other, "model.bin")[17] ^= 1;
    Copy copy = staging().open(RUN, unit, BLOCK);
    Cargoes.send(copy, other, ALL);
    assertThat(copy.settle()).isInstanceOf(Landing.Refused.class);
    assertThat(staging().target().units(RUN)).isEmpty();
  }

  @Test
  void a_file_written_to_while_it_was_sent_never_lands_and_is_sent_anew() throws Exception {
    SortedMap<String, byte[]> torn = Cargoes.files();
    Cargoes.content(torn, "model.bin")[9_999] ^= 1;
    try (Copy copy = staging().open(RUN, unit, BLOCK)) {
      Cargoes.send(copy, files, 2);
      Cargoes.send(copy, torn, ALL);
      assertThat(copy.settle()).isInstanceOf(Landing.Refused.class);
    }
    Copy again = staging().open(RUN, unit, BLOCK);
    assertThat(Cargoes.send(again, files, ALL)).isEqualTo(3);
    assertThat(again.settle()).isInstanceOf(Landing.Landed.class);
  }

  @Test
  void blocks_in_any_order_and_twice_land_as_they_were_sent_last() throws Exception {
    byte[] model = Cargoes.content(files, "model.bin");
    Copy copy = staging().open(RUN, unit, BLOCK);
    Cargoes.send(copy, files, ALL);
    copy.accept(1, 1, List.of(ByteBuffer.wrap(new byte[BLOCK])));
    copy.accept(
        1,
        1,
        List.of(ByteBuffer.wrap(model, BLOCK, 96), ByteBuffer.wrap(model, BLOCK + 96, BLOCK - 96)));
    assertThat(copy.settle()).isInstanceOf(Landing.Landed.class);
  }

  @Test
  void a_copy_with_blocks_missing_never_lands() throws Exception {
    Copy copy = staging().open(RUN, unit, BLOCK);
    Cargoes.send(copy, files, 4);
    assertThat(copy.settle()).isInstanceOf(Landing.Again.class);
  }

  @Test
  void a_roster_that_asks_for_too_much_is_hostile() {
    Sha256 digest = Sha256.of(new byte[0]);
    List<Manifest> rosters =
        List.of(
            new Manifest("/w", List.of(new FileEntry("big", 2 << 20, digest))),
            new Manifest(
                "/w",
                List.of(
                    new FileEntry("a", Long.MAX_VALUE, digest),
                    new FileEntry("b", Long.MAX_VALUE, digest))),
            new Manifest(
                "/w", List.of(new FileEntry("a", 1, digest), new FileEntry("a/b", 1, digest))),
            new Manifest(
                "/w",
                java.util.stream.IntStream.range(0, 101)
                    .mapToObj(i -> new FileEntry("f" + i, 0, digest))
                    .toList()));
    for (Manifest roster : rosters) {
      assertThatThrownBy(() -> staging().open(RUN, Cargoes.unit(1, roster), BLOCK))
          .satisfies(thrown -> assertThat(kindOf(thrown)).isEqualTo(Kind.HOSTILE));
    }
    assertThatThrownBy(() -> staging().open(RUN, unit, 1))
        .satisfies(thrown -> assertThat(kindOf(thrown)).isEqualTo(Kind.HOSTILE));
    assertThat(temp.resolve("target")).doesNotExist();
  }

  @Test
  void a_disk_without_room_is_a_clean_failure_that_may_be_tried_again() {
    Staging full = staging(new CargoLimits(100, 1 << 20, Long.MAX_VALUE));
    assertThatThrownBy(() -> full.open(RUN, unit, BLOCK))
        .hasMessageContaining("Free some space")
        .satisfies(thrown -> assertThat(kindOf(thrown)).isEqualTo(Kind.DISK_FULL));
  }

  @Test
  void a_second_connection_supersedes_the_first() throws Exception {
    Staging staging = staging();
    Copy first = staging.open(RUN, unit, BLOCK);
    Cargoes.send(first, files, 2);
    Copy second = staging.open(RUN, unit, BLOCK);
    assertThatThrownBy(() -> Cargoes.send(first, files, ALL))
        .satisfies(thrown -> assertThat(kindOf(thrown)).isEqualTo(Kind.SUPERSEDED));
    assertThat(Cargoes.send(second, files, ALL)).isEqualTo(3);
    assertThat(second.settle()).isInstanceOf(Landing.Landed.class);
  }

  @Test
  void rescued_files_land_when_they_hash_to_the_manifest() throws Exception {
    Path rescued = temp.resolve("rescued");
    Cargoes.write(rescued, files);
    Files.writeString(rescued.resolve("other"), "left alone");
    assertThat(staging().importRescued(RUN, unit, rescued)).isInstanceOf(Landing.Landed.class);
    assertThat(rescued.resolve("model.bin")).exists();
    assertThat(staging().target().unit(RUN, unit.id())).contains(unit);
  }

  @Test
  void rescued_files_that_differ_or_lead_elsewhere_never_land() throws Exception {
    Path rescued = temp.resolve("rescued");
    Cargoes.write(rescued, files);
    byte[] torn = Cargoes.content(files, "model.bin").clone();
    torn[1] ^= 1;
    Files.write(rescued.resolve("model.bin"), torn);
    assertThat(staging().importRescued(RUN, unit, rescued)).isInstanceOf(Landing.Refused.class);
    Files.write(temp.resolve("real"), Cargoes.content(files, "model.bin"));
    Files.delete(rescued.resolve("model.bin"));
    Files.createSymbolicLink(rescued.resolve("model.bin"), temp.resolve("real"));
    assertThat(staging().importRescued(RUN, unit, rescued)).isInstanceOf(Landing.Refused.class);
    assertThat(staging().target().units(RUN)).isEmpty();
  }

  @Test
  void a_receipted_unit_reads_back_block_by_block() throws Exception {
    Path rescued = temp.resolve("rescued");
    Cargoes.write(rescued, files);
    Staging staging = staging();
    staging.importRescued(RUN, unit, rescued);
    try (StoredBlocks blocks = StoredBlocks.open(staging.target(), RUN, unit.id()).orElseThrow()) {
      assertThat(blocks.unit()).isEqualTo(unit);
      StoredBlock model = blocks.next().orElseThrow();
      assertThat(model.file()).isEqualTo(1);
      assertThat(model.data()).isEqualTo(ByteBuffer.wrap(Cargoes.content(files, "model.bin")));
      assertThat(blocks.next().orElseThrow().file()).isEqualTo(2);
      assertThat(blocks.next()).isEmpty();
    }
    assertThat(StoredBlocks.open(staging.target(), RUN, Cargoes.unit(9, files).id())).isEmpty();
  }
}
