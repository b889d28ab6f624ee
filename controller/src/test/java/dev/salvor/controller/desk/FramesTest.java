package dev.salvor.controller.desk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class FramesTest {

  @Test
  void what_is_written_is_read() throws Exception {
    ByteArrayOutputStream wire = new ByteArrayOutputStream();
    Frames.write(Channels.newChannel(wire), new byte[] {1, 2, 3});
    assertThat(wire.toByteArray()).containsExactly(0, 0, 0, 3, 1, 2, 3);
    assertThat(read(wire.toByteArray()).orElseThrow()).containsExactly(1, 2, 3);
  }

  @Test
  void nothing_more_is_no_frame() throws Exception {
    assertThat(read()).isEmpty();
  }

  @Test
  void a_length_that_lies_allocates_nothing() {
    assertThatThrownBy(() -> read(0x7f, 0xff, 0xff, 0xff))
        .isInstanceOf(DeskException.class)
        .hasMessageContaining("2147483647 bytes")
        .hasMessageContaining("4194304");
    assertThatThrownBy(() -> read(0xff, 0xff, 0xff, 0xff))
        .isInstanceOf(DeskException.class)
        .hasMessageContaining("4294967295 bytes");
    assertThatThrownBy(() -> read(0, 0x40, 0, 1)).isInstanceOf(DeskException.class);
  }

  @Test
  void a_frame_cut_short_says_how_much_came() {
    assertThatThrownBy(() -> read(0, 0))
        .isInstanceOf(DeskException.class)
        .hasMessageContaining("2 of 4");
    assertThatThrownBy(() -> read(0, 0, 0, 5, 1))
        .isInstanceOf(DeskException.class)
        .hasMessageContaining("1 of 5");
  }

  @Test
  void an_answer_that_is_too_long_is_never_sent() {
    ByteArrayOutputStream wire = new ByteArrayOutputStream();
    assertThatThrownBy(
            () -> Frames.write(Channels.newChannel(wire), new byte[Frames.MAX_BYTES + 1]))
        .isInstanceOf(IOException.class);
    assertThat(wire.size()).isZero();
  }

  private static Optional<byte[]> read(int... bytes) throws IOException, DeskException {
    byte[] wire = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      wire[i] = (byte) bytes[i];
    }
    return read(wire);
  }

  private static Optional<byte[]> read(byte[] wire) throws IOException, DeskException {
    return Frames.read(Channels.newChannel(new ByteArrayInputStream(wire)));
  }
}
