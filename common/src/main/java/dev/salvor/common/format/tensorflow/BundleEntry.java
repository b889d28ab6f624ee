package dev.salvor.common.format.tensorflow;

import dev.salvor.common.format.DamagedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// One tensor of a bundle, or its header under the empty key
/// (tensorflow/core/protobuf/tensor_bundle.proto).
///
/// @param items how many elements its shape asks for
/// @param crc masked
record BundleEntry(
    int type, long items, int shard, long offset, long size, int crc, boolean sliced) {
  /// How many shards there are.
  record Header(int shards, boolean bigEndian) {}

  private static final int WIRE_VARINT = 0;
  private static final int WIRE_FIXED64 = 1;
  private static final int WIRE_BYTES = 2;
  private static final int WIRE_FIXED32 = 5;

  /// Is given each field: a number, or bytes.
  private interface Field {
    void field(int number, long value, ByteBuffer bytes) throws IOException;
  }

  static Header header(ByteBuffer message) throws IOException {
    long[] found = {1, 0};
    each(
        message,
        (number, value, bytes) -> {
          if (number == 1 || number == 2) {
            found[number - 1] = value;
          }
        });
    if (found[0] < 1 || found[0] > 99_999) {
      throw new DamagedException("A bundle of " + found[0] + " shards");
    }
    return new Header((int) found[0], found[1] == 1);
  }

  static BundleEntry of(ByteBuffer message) throws IOException {
    long[] numbers = new long[8];
    long[] items = {1};
    boolean[] sliced = {false};
    each(
        message,
        (number, value, bytes) -> {
          if (number == 2) {
            items[0] = items(bytes);
          } else if (number == 7) {
            sliced[0] = true;
          } else if (number < numbers.length) {
            numbers[number] = value;
          }
        });
    int shard = (int) numbers[3];
    if (numbers[4] < 0 || numbers[5] < 0 || shard < 0) {
      throw new DamagedException("A bundle entry at a negative place");
    }
    return new BundleEntry(
        (int) numbers[1], items[0], shard, numbers[4], numbers[5], (int) numbers[6], sliced[0]);
  }

  /// Of a TensorShapeProto: dim = 2, each with size = 1.
  private static long items(ByteBuffer shape) throws IOException {
    long[] product = {1};
    each(
        shape,
        (number, ignored, dimension) -> {
          if (number == 2) {
            long[] size = {0};
            each(dimension, (field, value, bytes) -> size[0] = field == 1 ? value : size[0]);
            product[0] = times(product[0], size[0]);
          }
        });
    return product[0];
  }

  private static long times(long a, long b) throws IOException {
    try {
      return Math.multiplyExact(a, b);
    } catch (ArithmeticException e) {
      throw new DamagedException("A bundle entry larger than any file");
    }
  }

  private static void each(ByteBuffer message, Field field) throws IOException {
    ByteBuffer nothing = ByteBuffer.allocate(0);
    while (message.hasRemaining()) {
      long tag = TableReader.varint(message);
      int number = (int) Math.min(tag >>> 3, Integer.MAX_VALUE);
      switch ((int) (tag & 7)) {
        case WIRE_VARINT -> field.field(number, TableReader.varint(message), nothing);
        case WIRE_FIXED64 -> field.field(number, fixed(message, 8).getLong(), nothing);
        case WIRE_FIXED32 -> field.field(number, fixed(message, 4).getInt(), nothing);
        case WIRE_BYTES -> field.field(number, 0, fixed(message, TableReader.varint(message)));
        default -> throw new DamagedException("A bundle entry that is not protobuf");
      }
    }
  }

  private static ByteBuffer fixed(ByteBuffer message, long length) throws IOException {
    if (length < 0 || length > message.remaining()) {
      throw new DamagedException("A bundle entry that is cut off");
    }
    ByteBuffer slice =
        message.slice(message.position(), (int) length).order(ByteOrder.LITTLE_ENDIAN);
    message.position(message.position() + (int) length);
    return slice;
  }
}
