package dev.salvor.common.pack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class BlockPackerTest {
  private static final byte[] NO_BASE = {};
  private static final BlockUnpacker.Earlier NONE = () -> NO_BASE;
  private static final int LENGTH = (1 << 20) + 12_345;

  private static byte[] weights(long seed) {
    Random random = new Random(seed);
    ByteBuffer bytes = ByteBuffer.allocate(LENGTH + 4).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < LENGTH / 4; i++) {
      bytes.putFloat((float) (random.nextGaussian() * 0.02));
    }
    return bytes.array();
  }

  private static byte[] trainedOn(byte[] weights) {
    Random random = new Random(9);
    ByteBuffer bytes = ByteBuffer.wrap(weights.clone()).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < LENGTH / 4; i++) {
      float before = bytes.getFloat(i * 4);
      bytes.putFloat(i * 4, before * (1 + (float) random.nextGaussian() * 1e-5f));
    }
    return bytes.array();
  }

  private static ByteBuffer pack(byte[] block, int length, byte[] base) {
    try (BlockPacker packer = new BlockPacker()) {
      return packer.pack(block, length, base, ByteBuffer.allocate(BlockPacker.mostBytes(length)));
    }
  }

  private static byte[] unpack(ByteBuffer packed, int length, BlockUnpacker.Earlier base)
      throws PackedException {
    try (BlockUnpacker unpacker = new BlockUnpacker()) {
      return unpacker.unpack(packed, length, base);
    }
  }

  private static byte[] head(byte[] bytes, int length) {
    return java.util.Arrays.copyOf(bytes, length);
  }

  @Test
  void weights_come_back_bit_for_bit_from_fewer_bytes() throws Exception {
    byte[] weights = weights(1);
    for (int length : new int[] {LENGTH, LENGTH - 3, 512 << 10, 7, 1}) {
      ByteBuffer packed = pack(weights, length, NO_BASE);
      assertThat(unpack(packed, length, NONE)).isEqualTo(head(weights, length));
    }
    assertThat(pack(weights, LENGTH, NO_BASE).remaining()).isLessThan(LENGTH * 86 / 100);
  }

  @Test
  void what_little_changed_since_the_checkpoint_before_is_sent_as_its_difference()
      throws Exception {
    byte[] before = weights(1);
    byte[] now = trainedOn(before);
    ByteBuffer packed = pack(now, LENGTH, before);
    assertThat(packed.remaining()).isLessThan(LENGTH * 60 / 100);
    assertThat(unpack(packed, LENGTH, () -> before)).isEqualTo(head(now, LENGTH));
    assertThatThrownBy(() -> unpack(packed, LENGTH, NONE)).isInstanceOf(PackedException.class);
  }

  @Test
  void numbers_of_every_width_move_either_way_and_come_back_bit_for_bit() throws Exception {
    Random random = new Random(8);
    for (int width : new int[] {1, 2, 4, 8}) {
      byte[] before = new byte[100_003];
      random.nextBytes(before);
      byte[] now = before.clone();
      for (int i = 0; i < now.length; i += width) {
        // Past both ends of what the width holds, too.
        now[i] += (byte) (i % 7 - 3);
      }
      ByteBuffer packed = pack(now, now.length, before);
      assertThat(packed.remaining()).isLessThan(now.length * 70 / 100);
      assertThat(unpack(packed, now.length, () -> before)).isEqualTo(now);
    }
  }

  @Test
  void floats_that_are_no_numbers_or_change_their_sign_come_back_bit_for_bit() throws Exception {
    float[] odd = {0f, -0f, Float.NaN, Float.NEGATIVE_INFINITY, Float.MIN_VALUE, -1f, 1f, 3e38f};
    ByteBuffer before = ByteBuffer.allocate(64 << 10).order(ByteOrder.LITTLE_ENDIAN);
    ByteBuffer now = ByteBuffer.allocate(64 << 10).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < before.capacity() / 4; i++) {
      before.putFloat(odd[i % odd.length]);
      now.putFloat(odd[(i / odd.length) % odd.length]);
    }
    ByteBuffer packed = pack(now.array(), now.capacity(), before.array());
    assertThat(unpack(packed, now.capacity(), before::array)).isEqualTo(now.array());
  }

  @Test
  void a_checkpoint_before_that_does_not_help_is_left_alone() throws Exception {
    byte[] now = weights(1);
    ByteBuffer packed = pack(now, LENGTH, weights(2));
    assertThat(unpack(packed, LENGTH, NONE)).isEqualTo(head(now, LENGTH));
  }

  @Test
  void noise_stays_as_it_is_and_grows_by_a_few_bytes_only() throws Exception {
    byte[] noise = new byte[LENGTH];
    new Random(3).nextBytes(noise);
    ByteBuffer packed = pack(noise, LENGTH, NO_BASE);
    assertThat(packed.remaining()).isLessThanOrEqualTo(BlockPacker.mostBytes(LENGTH));
    assertThat(unpack(packed, LENGTH, NONE)).isEqualTo(noise);
  }

  @Test
  void a_bomb_is_refused_at_the_length_of_its_block() {
    byte[] bomb = Zstd.compress(new byte[256 << 20], 19);
    ByteBuffer packed = ByteBuffer.allocate(bomb.length + 5).order(ByteOrder.LITTLE_ENDIAN);
    packed.put((byte) 0).putInt(bomb.length).put(bomb).flip();
    assertThatThrownBy(() -> unpack(packed, 512 << 10, NONE))
        .isInstanceOf(PackedException.class)
        .hasMessageContaining("does not unpack");
  }

  @Test
  void foreign_bytes_are_refused_and_never_more_than_an_exception() {
    byte[] weights = weights(4);
    byte[] packed = new byte[pack(weights, 600_000, NO_BASE).remaining()];
    pack(weights, 600_000, NO_BASE).get(packed);
    Random random = new Random(5);
    int refused = 0;
    for (int i = 0; i < 300; i++) {
      byte[] bent = head(packed, i % 3 == 0 ? random.nextInt(packed.length) : packed.length);
      for (int flips = 0; bent.length > 0 && flips < 1 + i % 3; flips++) {
        bent[random.nextInt(i % 2 == 0 ? Math.min(64, bent.length) : bent.length)] ^=
            (byte) (1 << random.nextInt(8));
      }
      try {
        assertThat(unpack(ByteBuffer.wrap(bent), 600_000, NONE)).hasSize(600_000);
      } catch (PackedException e) {
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(50);
  }
}
