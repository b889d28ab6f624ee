package dev.salvor.controller.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ShortLinesTest {
  @Test
  void lines_come_one_by_one_and_the_last_needs_no_end() throws Exception {
    assertThat(lines(bytes("Allocated port 4711\r\n\n  b\u00fcrger "), 100))
        .containsExactly("Allocated port 4711", "", "b\u00fcrger");
    assertThat(lines(bytes(""), 100)).isEmpty();
  }

  @Test
  void of_a_line_without_an_end_only_its_beginning_is_kept() throws Exception {
    Endless banner = new Endless(50_000_000);
    List<String> lines = lines(banner, 400);
    assertThat(lines).containsExactly("x".repeat(400));
    assertThat(banner.left).isZero();
  }

  private static List<String> lines(InputStream in, int most) throws Exception {
    List<String> all = new ArrayList<>();
    try (ShortLines lines = new ShortLines(in, most)) {
      for (Optional<String> l = lines.next(); l.isPresent(); l = lines.next()) {
        all.add(l.get());
      }
    }
    return all;
  }

  private static InputStream bytes(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }

  /// So many bytes, and no newline among them.
  private static final class Endless extends InputStream {
    private int left;

    Endless(int bytes) {
      left = bytes;
    }

    @Override
    public int read() {
      return left-- > 0 ? 'x' : -1;
    }

    @Override
    public int read(byte[] to, int from, int most) {
      if (left <= 0) {
        return -1;
      }
      int now = Math.min(left, most);
      java.util.Arrays.fill(to, from, from + now, (byte) 'x');
      left -= now;
      return now;
    }
  }
}
