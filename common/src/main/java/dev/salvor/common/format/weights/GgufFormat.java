package dev.salvor.common.format.weights;

import dev.salvor.common.format.Content;
import dev.salvor.common.format.Cursor;
import dev.salvor.common.format.DamagedException;
import dev.salvor.common.format.FloatScan;
import dev.salvor.common.format.Format;
import dev.salvor.common.format.Inspection;
import dev.salvor.common.format.Verdict;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// GGUF (ggml-org/ggml, docs/gguf.md): keys with values, a table of tensors, and their data at
/// aligned places up to the end.
public final class GgufFormat implements Format {
  private static final long MAX_TENSORS = 400_000;
  private static final long MAX_PAIRS = 1_000_000;

  /// Arrays of arrays are not in use; a few levels are tolerated.
  private static final int MAX_DEPTH = 4;

  private static final int MAX_DIMENSIONS = 4;
  private static final int KEPT_NAME = 200;
  private static final long DEFAULT_ALIGNMENT = 32;
  private static final int TYPE_STRING = 8;
  private static final int TYPE_ARRAY = 9;

  /// Bytes of the value types 0 to 12; 0 where they vary.
  private static final int[] VALUE_BYTES = {1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8};

  private record Block(long elements, long bytes) {}

  /// How many elements a block of each tensor type has, and in how many bytes (ggml.c,
  /// type_traits).
  private static final Map<Integer, Block> BLOCKS =
      Map.ofEntries(
          block(0, 1, 4),
          block(1, 1, 2),
          block(2, 32, 18),
          block(3, 32, 20),
          block(6, 32, 22),
          block(7, 32, 24),
          block(8, 32, 34),
          block(9, 32, 36),
          block(10, 256, 84),
          block(11, 256, 110),
          block(12, 256, 144),
          block(13, 256, 176),
          block(14, 256, 210),
          block(15, 256, 292),
          block(16, 256, 66),
          block(17, 256, 74),
          block(18, 256, 98),
          block(19, 256, 50),
          block(20, 32, 18),
          block(21, 256, 110),
          block(22, 256, 82),
          block(23, 256, 136),
          block(24, 1, 1),
          block(25, 1, 2),
          block(26, 1, 4),
          block(27, 1, 8),
          block(28, 1, 8),
          block(29, 256, 56),
          block(30, 1, 2),
          block(34, 256, 54),
          block(35, 256, 66),
          block(39, 32, 17));

  private static final Map<Integer, FloatScan.Kind> FLOATS =
      Map.of(
          0, FloatScan.Kind.F32,
          1, FloatScan.Kind.F16,
          28, FloatScan.Kind.F64,
          30, FloatScan.Kind.BF16);

  private record Tensor(String name, int type, long elements, long offset) {}

  private static Map.Entry<Integer, Block> block(int type, long elements, long bytes) {
    return Map.entry(type, new Block(elements, bytes));
  }

  @Override
  public String name() {
    return "gguf";
  }

  @Override
  public boolean isContentOf(Content content) {
    return content.startsWith("GGUF");
  }

  @Override
  public boolean isNameOf(Content content) {
    return content.named(".gguf");
  }

  @Override
  public Inspection inspect(Content content) throws IOException {
    long version = content.read(4, 4).getInt() & 0xffffffffL;
    boolean bigEndian = (version & 0xffff) == 0 && version != 0;
    Cursor in =
        bigEndian
            ? Cursor.bigEndian(content, 4, content.size())
            : Cursor.littleEndian(content, 4, content.size());
    version = in.u32();
    if (version < 1 || version > 3) {
      throw new DamagedException("GGUF of version " + version);
    }
    int countBytes = version == 1 ? 4 : 8;
    long tensorCount = in.whole(countBytes);
    long pairCount = in.whole(countBytes);
    if (tensorCount < 0 || tensorCount > MAX_TENSORS || pairCount < 0 || pairCount > MAX_PAIRS) {
      throw new DamagedException("GGUF with more entries than any model's");
    }
    long alignment = DEFAULT_ALIGNMENT;
    for (long i = 0; i < pairCount; i++) {
      String key = in.text(in.whole(countBytes), KEPT_NAME);
      int type = (int) in.u32();
      if (key.equals("general.alignment") && type == 4) {
        alignment = in.u32();
      } else {
        value(in, type, countBytes, 0);
      }
    }
    if (alignment < 1 || alignment > (1 << 20) || Long.bitCount(alignment) != 1) {
      throw new DamagedException("GGUF aligned to " + alignment + " bytes");
    }
    List<Tensor> tensors = tensors(in, tensorCount, countBytes);
    return laidOut(content, tensors, up(in.position(), alignment), alignment, bigEndian);
  }

  private static void value(Cursor in, int type, int countBytes, int depth) throws IOException {
    if (type == TYPE_STRING) {
      in.skip(in.whole(countBytes));
    } else if (type == TYPE_ARRAY) {
      array(in, countBytes, depth + 1);
    } else if (type >= 0 && type < VALUE_BYTES.length) {
      in.skip(VALUE_BYTES[type]);
    } else {
      throw new DamagedException("GGUF value of type " + type);
    }
  }

  private static void array(Cursor in, int countBytes, int depth) throws IOException {
    int type = (int) in.u32();
    long count = in.whole(countBytes);
    if (depth > MAX_DEPTH || type < 0 || type >= VALUE_BYTES.length) {
      throw new DamagedException("GGUF array of type " + type);
    }
    // Each item takes at least its length field: the file bounds the loop.
    int least = VALUE_BYTES[type] == 0 ? countBytes : VALUE_BYTES[type];
    if (count < 0 || count > in.left() / least) {
      throw new DamagedException("GGUF array that is longer than the file");
    }
    if (VALUE_BYTES[type] > 0) {
      in.skip(count * VALUE_BYTES[type]);
      return;
    }
    for (long i = 0; i < count; i++) {
      value(in, type, countBytes, depth);
    }
  }

  private static List<Tensor> tensors(Cursor in, long count, int countBytes) throws IOException {
    List<Tensor> tensors = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (long i = 0; i < count; i++) {
      String name = in.text(in.whole(countBytes), KEPT_NAME);
      long dimensions = in.u32();
      if (dimensions > MAX_DIMENSIONS || !names.add(name)) {
        throw new DamagedException(
            "GGUF tensor twice or of " + dimensions + " dimensions: " + name);
      }
      long elements = 1;
      for (long d = 0; d < dimensions; d++) {
        elements = times(elements, in.whole(countBytes), name);
      }
      tensors.add(new Tensor(name, (int) in.u32(), elements, in.u64()));
    }
    return tensors;
  }

  private static long times(long a, long b, String name) throws IOException {
    try {
      long product = Math.multiplyExact(a, b);
      if (b < 0) {
        throw new DamagedException("GGUF tensor with a negative size: " + name);
      }
      return product;
    } catch (ArithmeticException e) {
      throw new DamagedException("GGUF tensor larger than any file: " + name);
    }
  }

  private Inspection laidOut(
      Content content, List<Tensor> tensors, long data, long alignment, boolean bigEndian)
      throws IOException {
    tensors.sort(Comparator.comparingLong(Tensor::offset));
    List<String> remarks = new ArrayList<>();
    long free = 0;
    int notFinite = 0;
    int unknown = 0;
    for (Tensor tensor : tensors) {
      if (tensor.offset() < free || tensor.offset() % alignment != 0) {
        throw new DamagedException("GGUF tensor at a wrong place: " + tensor.name());
      }
      Block block = BLOCKS.get(tensor.type());
      unknown += block == null ? 1 : 0;
      long bytes = block == null ? 0 : bytes(tensor, block);
      if (tensor.offset() > content.size() - data - bytes) {
        throw new DamagedException(
            "The file ends before tensor " + tensor.name() + " does: it is truncated");
      }
      free = tensor.offset() + bytes;
      FloatScan.Kind kind = FLOATS.get(tensor.type());
      notFinite +=
          kind == null
                  || FloatScan.finite(kind, bigEndian, content.raw(data + tensor.offset(), bytes))
              ? 0
              : 1;
    }
    if (unknown > 0) {
      remarks.add(unknown + " tensors are of types this reader does not know: not measured");
    }
    if (notFinite > 0) {
      remarks.add(notFinite + " tensors hold numbers that are not finite");
    }
    return Inspection.of(Verdict.ACCEPT, name(), tensors.size(), remarks);
  }

  private static long bytes(Tensor tensor, Block block) throws IOException {
    if (tensor.elements() % block.elements() != 0) {
      throw new DamagedException("GGUF tensor that does not end on a block: " + tensor.name());
    }
    return times(tensor.elements() / block.elements(), block.bytes(), tensor.name());
  }

  private static long up(long place, long alignment) {
    return (place + alignment - 1) / alignment * alignment;
  }
}
