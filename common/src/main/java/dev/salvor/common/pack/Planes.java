package dev.salvor.common.pack;

/// Takes numbers of one width apart into planes, all first bytes, all second bytes and so on, and
/// puts them together again. A float's sign goes behind its mantissa first, so that its exponent is
/// one byte. Against a checkpoint before, what is taken apart is how far each number moved, small
/// ones either way being small: floats of one sign are ordered as the integers of the same bits.
///
/// @param width bytes of a number, little-endian: 1, 2, 4 or 8
record Planes(int width) {
  /// How long a plane is; what is left behind the last whole number goes with the last.
  int length(int plane, int bytes) {
    int numbers = bytes / width;
    return plane == width - 1 ? bytes - plane * numbers : numbers;
  }

  /// @param base the block of the checkpoint before; empty where it is not wanted
  /// @param to from its begin on
  void apart(byte[] block, byte[] base, int at, int length, byte[] to) {
    int numbers = length / width;
    if (width == Integer.BYTES) {
      wordsApart(block, base, at, numbers, to);
    } else {
      for (int i = 0, from = at; i < numbers; i++, from += width) {
        long value = turned(block, from);
        if (base.length > 0) {
          value = zigzag(value - turned(base, from));
        }
        for (int byteAt = i, shift = 0; shift < bits(); byteAt += numbers, shift += Byte.SIZE) {
          to[byteAt] = (byte) (value >>> shift);
        }
      }
    }
    int whole = numbers * width;
    System.arraycopy(block, at + whole, to, whole, length - whole);
  }

  /// The same without a loop over the bytes, for most numbers are so wide.
  private static void wordsApart(byte[] block, byte[] base, int at, int numbers, byte[] to) {
    for (int i = 0, from = at; i < numbers; i++, from += Integer.BYTES) {
      int value = Integer.rotateLeft(word(block, from), 1);
      if (base.length > 0) {
        int moved = value - Integer.rotateLeft(word(base, from), 1);
        value = (moved << 1) ^ (moved >> (Integer.SIZE - 1));
      }
      to[i] = (byte) value;
      to[i + numbers] = (byte) (value >>> 8);
      to[i + 2 * numbers] = (byte) (value >>> 16);
      to[i + 3 * numbers] = (byte) (value >>> 24);
    }
  }

  /// @param from from its begin on
  void together(byte[] from, byte[] base, int at, int length, byte[] block) {
    int numbers = length / width;
    if (width == Integer.BYTES) {
      wordsTogether(from, base, at, numbers, block);
    } else {
      for (int i = 0, to = at; i < numbers; i++, to += width) {
        long value = 0;
        for (int byteAt = i, shift = 0; shift < bits(); byteAt += numbers, shift += Byte.SIZE) {
          value |= (from[byteAt] & 0xffL) << shift;
        }
        if (base.length > 0) {
          value = (turned(base, to) + unzigzag(value)) & mask();
        }
        value = turnedBack(value);
        for (int byteAt = to; byteAt < to + width; byteAt++, value >>>= Byte.SIZE) {
          block[byteAt] = (byte) value;
        }
      }
    }
    int whole = numbers * width;
    System.arraycopy(from, whole, block, at + whole, length - whole);
  }

  private static void wordsTogether(byte[] from, byte[] base, int at, int numbers, byte[] block) {
    for (int i = 0, to = at; i < numbers; i++, to += Integer.BYTES) {
      int value =
          (from[i] & 0xff)
              | ((from[i + numbers] & 0xff) << 8)
              | ((from[i + 2 * numbers] & 0xff) << 16)
              | (from[i + 3 * numbers] << 24);
      if (base.length > 0) {
        value = Integer.rotateLeft(word(base, to), 1) + ((value >>> 1) ^ -(value & 1));
      }
      value = Integer.rotateRight(value, 1);
      block[to] = (byte) value;
      block[to + 1] = (byte) (value >>> 8);
      block[to + 2] = (byte) (value >>> 16);
      block[to + 3] = (byte) (value >>> 24);
    }
  }

  private int bits() {
    return width * Byte.SIZE;
  }

  private long mask() {
    return -1L >>> (Long.SIZE - bits());
  }

  /// A difference of two numbers of so many bits, which may have gone around.
  private long zigzag(long difference) {
    long signed = difference << (Long.SIZE - bits()) >> (Long.SIZE - bits());
    return ((signed << 1) ^ (signed >> (Long.SIZE - 1))) & mask();
  }

  private static long unzigzag(long folded) {
    return (folded >>> 1) ^ -(folded & 1);
  }

  /// By hand: what runs this on a box is compiled by the first compiler alone.
  private long turned(byte[] from, int at) {
    return switch (width) {
      case 1 -> from[at] & 0xffL;
      case 2 -> {
        int value = (from[at] & 0xff) | ((from[at + 1] & 0xff) << 8);
        yield ((value << 1) | (value >>> 15)) & 0xffff;
      }
      default ->
          Long.rotateLeft((word(from, at) & 0xffffffffL) | ((long) word(from, at + 4) << 32), 1);
    };
  }

  private static int word(byte[] from, int at) {
    return (from[at] & 0xff)
        | ((from[at + 1] & 0xff) << 8)
        | ((from[at + 2] & 0xff) << 16)
        | (from[at + 3] << 24);
  }

  private long turnedBack(long value) {
    return switch (width) {
      case 1 -> value;
      case 2 -> (value >>> 1) | ((value & 1) << 15);
      default -> Long.rotateRight(value, 1);
    };
  }
}
