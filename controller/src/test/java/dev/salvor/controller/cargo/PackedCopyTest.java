package dev.salvor.controller.cargo;

import static dev.salvor.controller.cargo.Cargoes.RUN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import dev.salvor.common.checkpoint.BlockPrint;
import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.pack.BlockPacker;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Blocks that come packed land as the bytes they were made of, or not at all.
final class PackedCopyTest {
  private static final int BLOCK = 64 << 10;
  private static final byte[] NONE = {};

  @TempDir Path temp;
  private final byte[] before = Cargoes.noise(1, BLOCK);
  private final Unit first = unit(1, before);

  private static Unit unit(long seq, byte[] bytes) {
    return Cargoes.unit(seq, new TreeMap<>(Map.of("model.bin", bytes)));
  }

  private Staging staging() {
    return new Staging(
        temp.resolve("staging"),
        new DirectoryTarget(temp.resolve("target")),
        Cargoes::prove,
        new CargoLimits(100, 1 << 20, 0));
  }

  private static ByteBuffer packed(byte[] block, byte[] base) {
    try (BlockPacker packer = new BlockPacker()) {
      return packer.pack(
          block, block.length, base, ByteBuffer.allocate(BlockPacker.mostBytes(block.length)));
    }
  }

  private byte[] next() {
    byte[] now = before.clone();
    for (int i = 0; i < now.length; i += 100) {
      now[i] ^= 1;
    }
    return now;
  }

  private void land_the_first() throws Exception {
    try (Copy copy = staging().open(RUN, first, BLOCK)) {
      copy.accept(0, 0, List.of(ByteBuffer.wrap(before)));
      assertThat(copy.settle()).isInstanceOf(Landing.Landed.class);
    }
  }

  @Test
  void a_packed_block_lands_as_it_was() throws Exception {
    byte[] zeros = new byte[BLOCK];
    Unit unit = unit(1, zeros);
    try (Copy copy = staging().open(RUN, unit, BLOCK)) {
      ByteBuffer packed = packed(zeros, NONE);
      int middle = packed.remaining() / 2;
      copy.acceptPacked(
          0,
          0,
          List.of(packed.slice(0, middle), packed.slice(middle, packed.remaining() - middle)),
          0);
      assertThat(copy.sentBytes()).isLessThan(1000);
      assertThat(copy.settle()).isInstanceOf(Landing.Landed.class);
    }
    assertThat(temp.resolve("target/demo/" + unit.id() + "/data/model.bin"))
        .hasBinaryContent(zeros);
  }

  @Test
  void a_block_against_the_checkpoint_before_lands_as_it_was() throws Exception {
    land_the_first();
    byte[] now = next();
    Unit second = unit(2, now);
    try (Copy copy = staging().open(RUN, second, BLOCK)) {
      assertThat(copy.base()).contains(first);
      ByteBuffer packed = packed(now, before);
      assertThat(packed.remaining()).isLessThan(BLOCK / 4);
      copy.acceptPacked(0, 0, List.of(packed), BlockPrint.of(ByteBuffer.wrap(before)));
      assertThat(copy.settle()).isInstanceOf(Landing.Landed.class);
    }
    assertThat(temp.resolve("target/demo/" + second.id() + "/data/model.bin"))
        .hasBinaryContent(now);
  }

  @Test
  void a_base_that_is_another_here_costs_one_more_try() throws Exception {
    land_the_first();
    Files.write(temp.resolve("target/demo/" + first.id() + "/data/model.bin"), new byte[BLOCK]);
    byte[] now = next();
    try (Copy copy = staging().open(RUN, unit(2, now), BLOCK)) {
      copy.acceptPacked(0, 0, List.of(packed(now, before)), BlockPrint.of(ByteBuffer.wrap(before)));
      assertThat(copy.settle()).isInstanceOf(Landing.Again.class);
    }
    try (Copy again = staging().open(RUN, unit(2, now), BLOCK)) {
      again.accept(0, 0, List.of(ByteBuffer.wrap(now)));
      assertThat(again.settle()).isInstanceOf(Landing.Landed.class);
    }
  }

  @Test
  void a_bomb_is_hostile_and_makes_no_more_than_a_block() throws Exception {
    byte[] bomb = Zstd.compress(new byte[64 << 20], 19);
    ByteBuffer block = ByteBuffer.allocate(bomb.length + 5).order(ByteOrder.LITTLE_ENDIAN);
    block.put((byte) 0).putInt(bomb.length).put(bomb).flip();
    try (Copy copy = staging().open(RUN, unit(1, new byte[BLOCK]), BLOCK)) {
      assertThatThrownBy(() -> copy.acceptPacked(0, 0, List.of(block), 0))
          .isInstanceOfSatisfying(
              CargoException.class,
              e -> assertThat(e.kind()).isEqualTo(CargoException.Kind.HOSTILE))
          .hasMessageContaining("does not unpack");
      assertThat(copy.held()).isEmpty();
    }
  }
}
