package dev.salvor.controller.tunnel;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Lines of a stream that a box may write to: the beginning of each is kept, what goes beyond is
/// passed over, so that one without an end takes no more room than any other.
final class ShortLines implements AutoCloseable {
  private static final int BUFFER = 8192;

  private final Reader in;
  private final int most;
  private final char[] buffer = new char[BUFFER];
  private int at;
  private int end;

  ShortLines(InputStream in, int most) {
    this.in = new InputStreamReader(in, StandardCharsets.UTF_8);
    this.most = most;
  }

  /// The next one, blanks around it taken off; empty at the end of the stream.
  Optional<String> next() throws IOException {
    StringBuilder line = new StringBuilder();
    boolean any = false;
    while (more()) {
      any = true;
      char c = buffer[at++];
      if (c == '\n') {
        return Optional.of(line.toString().strip());
      }
      if (line.length() < most) {
        line.append(c);
      }
    }
    return any ? Optional.of(line.toString().strip()) : Optional.empty();
  }

  private boolean more() throws IOException {
    if (at == end) {
      at = 0;
      end = in.read(buffer);
    }
    return end > 0;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
