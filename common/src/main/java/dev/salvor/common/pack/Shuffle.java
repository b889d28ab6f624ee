package dev.salvor.common.pack;

/// Groups the bytes of equal elements by their place within the element, and back: exponents lie
/// beside exponents then, and pack better.
final class Shuffle {
  private Shuffle() {}

  /// What is left behind the last whole element stays as it is.
  static void apart(byte[] from, int offset, int length, int width, byte[] to) {
    int elements = length / width;
    for (int plane = 0; plane < width; plane++) {
      int at = plane * elements;
      for (int i = offset + plane, end = offset + elements * width; i < end; i += width) {
        to[at++] = from[i];
      }
    }
    int whole = elements * width;
    System.arraycopy(from, offset + whole, to, whole, length - whole);
  }

  static void together(byte[] from, int length, int width, byte[] to, int offset) {
    int elements = length / width;
    for (int plane = 0; plane < width; plane++) {
      int at = plane * elements;
      for (int i = offset + plane, end = offset + elements * width; i < end; i += width) {
        to[i] = from[at++];
      }
    }
    int whole = elements * width;
    System.arraycopy(from, whole, to, offset + whole, length - whole);
  }
}
