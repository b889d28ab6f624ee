package dev.salvor.common.format;

import java.io.IOException;

/// How many bytes at a file's end are zero.
public final class ZeroTail {
  private static final int STEP = 64 * 1024;

  private ZeroTail() {}

  /// Reads backwards, no further than the place given, and stops at the first byte that is not
  /// zero.
  public static long length(Content content, long from) throws IOException {
    long end = content.size();
    while (end > from) {
      int length = (int) Math.min(STEP, end - from);
      byte[] block = content.bytes(end - length, length);
      for (int i = length - 1; i >= 0; i--) {
        if (block[i] != 0) {
          return content.size() - (end - length + i + 1);
        }
      }
      end -= length;
    }
    return content.size() - from;
  }
}
