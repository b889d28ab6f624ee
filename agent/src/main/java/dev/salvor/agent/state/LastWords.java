package dev.salvor.agent.state;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;

/// What an agent leaves on its disk before it stops its own box: frames that it could send nobody,
/// each behind its length, so that whoever reads the paused disk learns how it ended.
public final class LastWords {
  private static final String NAME = "words/last";
  private static final int SEVEN_BITS = 0x7f;

  private final HomeDir home;

  public LastWords(HomeDir home) {
    this.home = home;
  }

  public void write(List<byte[]> frames) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] frame : frames) {
      length(out, frame.length);
      out.writeBytes(frame);
    }
    home.write(NAME, out.toByteArray());
  }

  /// This box runs again: what it has to say it says itself.
  public void forget() throws IOException {
    Files.deleteIfExists(home.path(NAME));
  }

  /// As protocol buffers write the length of a delimited message: seven bits a byte, low ones
  /// first.
  private static void length(ByteArrayOutputStream out, int length) {
    int left = length;
    while (left > SEVEN_BITS) {
      out.write((left & SEVEN_BITS) | (SEVEN_BITS + 1));
      left >>>= 7;
    }
    out.write(left);
  }
}
