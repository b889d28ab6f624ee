package dev.salvor.common.format.weights;

import dev.salvor.common.format.Content;
import dev.salvor.common.format.Cursor;
import dev.salvor.common.format.DamagedException;
import dev.salvor.common.format.Format;
import dev.salvor.common.format.Inspection;
import java.io.EOFException;
import java.io.IOException;
import java.util.function.Consumer;

/// msgpack, in which Flax saves: one value that ends where the file does.
public final class MsgpackFormat implements Format {
  private static final int MAX_DEPTH = 64;
  private static final int KEPT_TEXT = 4096;

  @Override
  public String name() {
    return "msgpack";
  }

  @Override
  public boolean isContentOf(Content content) {
    return false;
  }

  @Override
  public boolean isNameOf(Content content) {
    return content.named(".msgpack");
  }

  /// Whether a file of no telling name is a map in msgpack.
  public static boolean isTree(Content content) throws IOException {
    int first = content.headByte(0);
    if ((first & 0xf0) != 0x80 && first != 0xde && first != 0xdf) {
      return false;
    }
    try {
      walk(content, text -> {});
      return true;
    } catch (DamagedException | EOFException e) {
      return false;
    }
  }

  @Override
  public Inspection inspect(Content content) throws IOException {
    walk(content, text -> {});
    return Inspection.accepted(name());
  }

  /// Reads one value to the end of the file and hands over every string in it.
  public static void walk(Content content, Consumer<String> texts) throws IOException {
    Cursor in = Cursor.littleEndian(content, 0, content.size());
    value(in, texts, 0);
    if (in.left() > 0) {
      throw new DamagedException(in.left() + " bytes lie behind the msgpack value");
    }
  }

  private static void value(Cursor in, Consumer<String> texts, int depth) throws IOException {
    if (depth > MAX_DEPTH) {
      throw new DamagedException("msgpack nested deeper than " + MAX_DEPTH);
    }
    int type = in.u8();
    if (type < 0x80 || type >= 0xe0) {
      return;
    }
    switch (type >>> 4) {
      case 0x8 -> many(in, 2L * (type & 0xf), texts, depth);
      case 0x9 -> many(in, type & 0xf, texts, depth);
      case 0xa, 0xb -> texts.accept(in.text(type & 0x1f, KEPT_TEXT));
      default -> sized(in, type, texts, depth);
    }
  }

  private static void sized(Cursor in, int type, Consumer<String> texts, int depth)
      throws IOException {
    switch (type) {
      case 0xc0, 0xc2, 0xc3 -> {}
      case 0xc4, 0xc5, 0xc6 -> in.skip(length(in, 1 << (type - 0xc4)));
      case 0xc7, 0xc8, 0xc9 -> in.skip(length(in, 1 << (type - 0xc7)) + 1);
      case 0xca -> in.skip(4);
      case 0xcb -> in.skip(8);
      case 0xcc, 0xcd, 0xce, 0xcf -> in.skip(1L << (type - 0xcc));
      case 0xd0, 0xd1, 0xd2, 0xd3 -> in.skip(1L << (type - 0xd0));
      case 0xd4, 0xd5, 0xd6, 0xd7, 0xd8 -> in.skip((1L << (type - 0xd4)) + 1);
      case 0xd9, 0xda, 0xdb -> texts.accept(in.text(length(in, 1 << (type - 0xd9)), KEPT_TEXT));
      case 0xdc, 0xdd -> many(in, length(in, 2 << (type - 0xdc)), texts, depth);
      case 0xde, 0xdf -> many(in, 2 * length(in, 2 << (type - 0xde)), texts, depth);
      default -> throw new DamagedException("msgpack of type " + type);
    }
  }

  /// Each value takes at least a byte: the file bounds the loop.
  private static void many(Cursor in, long count, Consumer<String> texts, int depth)
      throws IOException {
    in.within(count);
    for (long i = 0; i < count; i++) {
      value(in, texts, depth + 1);
    }
  }

  /// Big endian.
  private static long length(Cursor in, int bytes) throws IOException {
    long length = 0;
    for (int i = 0; i < bytes; i++) {
      length = length * 256 + in.u8();
    }
    return length;
  }
}
