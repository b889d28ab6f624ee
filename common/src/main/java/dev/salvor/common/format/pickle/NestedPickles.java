package dev.salvor.common.format.pickle;

import dev.salvor.common.format.DamagedException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/// Looks whether a string inside a pickle is itself a pickle: as it is, in base64 or in hex. Such a
/// thing is how a payload travels past those who look at imports only.
final class NestedPickles {
  /// How many bytes tell whether a string may be one.
  static final int HINT_BYTES = 6;

  /// A pickle of a few bytes says nothing, and chance writes it too.
  private static final int MIN_BYTES = 10;

  /// How "\x80" and the protocols 2 to 5 begin in each coding.
  private static final List<String> BASE64 = List.of("gAI", "gAM", "gAQ", "gAS", "gAU");

  private static final List<String> HEX = List.of("8002", "8003", "8004", "8005");

  private NestedPickles() {}

  /// Whether a string that begins so is worth being read to its end.
  static boolean suspects(byte[] hint, long length) {
    if (length < MIN_BYTES || hint.length < 4) {
      return false;
    }
    String text = new String(hint, StandardCharsets.ISO_8859_1);
    return isPickle(hint)
        || BASE64.stream().anyMatch(text::startsWith)
        || HEX.stream().anyMatch(text::startsWith);
  }

  private static boolean isPickle(byte[] hint) {
    return (hint[0] & 0xff) == 0x80 && hint[1] >= 2 && hint[1] <= 5;
  }

  /// Notes the string if it is a pickle from its first byte to its last.
  static void look(byte[] hint, InputStream rest, PickleNotes into) throws IOException {
    InputStream whole = new SequenceInputStream(new ByteArrayInputStream(hint), rest);
    String text = new String(hint, StandardCharsets.ISO_8859_1);
    if (isPickle(hint)) {
      walk("", whole, into);
    } else if (HEX.stream().anyMatch(text::startsWith)) {
      walk(" in hex", new HexStream(whole), into);
    } else {
      walk(" in base64", Base64.getMimeDecoder().wrap(whole), into);
    }
  }

  private static void walk(String coding, InputStream in, PickleNotes into) {
    PickleWalk walk = PickleWalk.nested(new PickleBytes(in));
    try {
      walk.pickle();
      if (in.read() >= 0) {
        return;
      }
    } catch (IOException e) {
      return;
    }
    String imports = String.join(", ", walk.notes().imports());
    into.nested(
        "A string holds another pickle"
            + coding
            + (imports.isEmpty() ? "" : ", which would import " + imports));
  }

  /// Bytes from pairs of hex digits.
  private static final class HexStream extends InputStream {
    private final InputStream digits;

    HexStream(InputStream digits) {
      this.digits = digits;
    }

    @Override
    public int read() throws IOException {
      int high = digits.read();
      if (high < 0) {
        return -1;
      }
      int value = Character.digit(high, 16) * 16 + Character.digit(digits.read(), 16);
      if (value < 0 || Character.digit(high, 16) < 0) {
        throw new DamagedException("Not hex");
      }
      return value;
    }

    /// Unlike its parent's, lets no damage pass in silence.
    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      int n = 0;
      for (int value = 0; n < length && value >= 0; ) {
        value = read();
        if (value >= 0) {
          into[offset + n++] = (byte) value;
        }
      }
      return n == 0 && length > 0 ? -1 : n;
    }
  }
}
