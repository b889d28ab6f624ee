package dev.salvor.common.format.weights;

import dev.salvor.common.format.Cursor;
import dev.salvor.common.format.DamagedException;
import java.io.IOException;

/// Walks the fields of a protobuf message as they lie on the wire; what a caller does not take is
/// passed over, and every length must fit into its message.
final class Protobuf {
  static final int VARINT = 0;
  static final int FIXED64 = 1;
  static final int BYTES = 2;
  static final int FIXED32 = 5;

  /// Is told of each field and may take its value by exactly one call.
  interface Fields {
    void field(int number, int wire, Protobuf message) throws IOException;
  }

  private final Cursor in;
  private boolean taken;
  private int wire;

  Protobuf(Cursor in) {
    this.in = in;
  }

  Cursor cursor() {
    return in;
  }

  /// Reads a message that ends at this place of the content.
  void message(long end, Fields fields) throws IOException {
    while (in.position() < end) {
      long tag = in.varint();
      long number = tag >>> 3;
      wire = (int) (tag & 7);
      if (number < 1 || number > 0x1fffffff) {
        throw new DamagedException("Not a protobuf message: field " + number);
      }
      taken = false;
      int own = wire;
      fields.field((int) number, own, this);
      if (!taken) {
        wire = own;
        skip();
      }
      if (in.position() > end) {
        throw new DamagedException("A protobuf field is longer than its message");
      }
    }
  }

  private void skip() throws IOException {
    switch (wire) {
      case VARINT -> in.varint();
      case FIXED64 -> in.skip(8);
      case BYTES -> in.skip(in.varint());
      case FIXED32 -> in.skip(4);
      default -> throw new DamagedException("Not a protobuf message: wire type " + wire);
    }
  }

  long varint() throws IOException {
    taken = true;
    return in.varint();
  }

  /// The length of a field of bytes; its content comes next and has to be read or skipped.
  long length() throws IOException {
    taken = true;
    return in.within(in.varint());
  }

  String text(int kept) throws IOException {
    return in.text(length(), kept);
  }

  /// A field that is a message of its own.
  void inner(Fields fields) throws IOException {
    long length = length();
    message(in.position() + length, fields);
    taken = true;
  }
}
