package dev.salvor.common.format;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Looks for short texts anywhere in a content of any size.
public final class ByteSearch {
  private static final int BUFFER_BYTES = 256 * 1024;

  private ByteSearch() {}

  /// Whether any of the texts, all of the same first character, occurs.
  public static boolean holds(Content content, List<String> texts) throws IOException {
    List<byte[]> wanted =
        texts.stream().map(text -> text.getBytes(StandardCharsets.ISO_8859_1)).toList();
    int longest = wanted.stream().mapToInt(text -> text.length).max().orElse(0);
    byte[] buffer = new byte[BUFFER_BYTES + longest];
    int kept = 0;
    try (InputStream in = content.raw(0, content.size())) {
      for (int n = in.readNBytes(buffer, 0, BUFFER_BYTES); n > 0; ) {
        int length = kept + n;
        if (holds(buffer, length, wanted)) {
          return true;
        }
        kept = Math.min(longest, length);
        System.arraycopy(buffer, length - kept, buffer, 0, kept);
        n = in.readNBytes(buffer, kept, BUFFER_BYTES);
      }
    }
    return false;
  }

  private static boolean holds(byte[] buffer, int length, List<byte[]> wanted) {
    byte first = wanted.getFirst()[0];
    for (int i = 0; i < length; i++) {
      if (buffer[i] == first && matches(buffer, i, length, wanted)) {
        return true;
      }
    }
    return false;
  }

  private static boolean matches(byte[] buffer, int at, int length, List<byte[]> wanted) {
    for (byte[] text : wanted) {
      int k = 0;
      while (k < text.length && at + k < length && buffer[at + k] == text[k]) {
        k++;
      }
      if (k == text.length) {
        return true;
      }
    }
    return false;
  }
}
