package dev.salvor.common.format.tensorflow;

/// CRC-32C as LevelDB and TensorFlow store it: turned and shifted, so that the CRC of data that
/// holds CRCs stays useful (tsl/lib/hash/crc32c.h).
final class MaskedCrc {
  private static final int DELTA = 0xa282ead8;

  private MaskedCrc() {}

  static int mask(long crc) {
    return Integer.rotateRight((int) crc, 15) + DELTA;
  }
}
