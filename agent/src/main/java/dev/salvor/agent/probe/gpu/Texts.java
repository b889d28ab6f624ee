package dev.salvor.agent.probe.gpu;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/// Words out of a buffer that a library filled: up to its end, whether or not it was closed by a
/// zero.
final class Texts {
  private Texts() {}

  static String of(MemorySegment buffer) {
    byte[] bytes = buffer.toArray(JAVA_BYTE);
    int end = 0;
    while (end < bytes.length && bytes[end] != 0) {
      end++;
    }
    return new String(bytes, 0, end, StandardCharsets.UTF_8);
  }
}
