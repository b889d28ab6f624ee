package dev.salvor.common.format.weights;

import dev.salvor.common.format.Content;
import dev.salvor.common.format.DamagedException;
import dev.salvor.common.format.FloatScan;
import dev.salvor.common.unit.SafePath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// One TensorProto of an ONNX model: its data must be as long as its shape says, here or in the
/// file it points to.
final class OnnxTensor {
  private static final int DIMS = 1;
  private static final int DATA_TYPE = 2;
  private static final int NAME = 8;
  private static final int RAW_DATA = 9;
  private static final int EXTERNAL_DATA = 13;
  private static final int DATA_LOCATION = 14;
  private static final int KEPT_TEXT = 1024;
  private static final int MAX_PAIRS = 100;
  private static final int STRING = 8;

  /// Bits of an element by data type, 0 where they vary.
  private static final int[] BITS = {
    0, 32, 8, 8, 16, 16, 32, 64, 0, 8, 16, 64, 32, 64, 64, 128, 16, 8, 8, 8, 8, 4, 4, 4, 8
  };

  private static final Map<Integer, FloatScan.Kind> FLOATS =
      Map.of(
          1, FloatScan.Kind.F32,
          10, FloatScan.Kind.F16,
          11, FloatScan.Kind.F64,
          16, FloatScan.Kind.BF16);

  private final Content content;
  private final Map<String, String> external = new HashMap<>();
  private long elements = 1;
  private int type;
  private String name = "";
  private boolean raw;
  private long rawAt;
  private long rawBytes;
  private boolean otherData;
  private boolean outside;
  private Optional<String> missing = Optional.empty();
  private boolean finite = true;

  OnnxTensor(Content content) {
    this.content = content;
  }

  void field(int field, int wire, Protobuf in) throws IOException {
    if (field == DIMS) {
      dims(wire, in);
    } else if (field == DATA_TYPE && wire == Protobuf.VARINT) {
      type = (int) in.varint();
    } else if (field == NAME && wire == Protobuf.BYTES) {
      name = in.text(KEPT_TEXT);
    } else if (field == RAW_DATA && wire == Protobuf.BYTES) {
      raw = true;
      rawBytes = in.length();
      rawAt = in.cursor().position();
      in.cursor().skip(rawBytes);
    } else if (field == EXTERNAL_DATA && wire == Protobuf.BYTES) {
      pair(in);
    } else if (field == DATA_LOCATION && wire == Protobuf.VARINT) {
      outside = in.varint() == 1;
    } else if ((field >= 4 && field <= 7) || field == 10 || field == 11) {
      otherData = true;
    }
  }

  private void dims(int wire, Protobuf in) throws IOException {
    if (wire == Protobuf.VARINT) {
      times(in.varint());
    } else if (wire == Protobuf.BYTES) {
      long length = in.length();
      long end = in.cursor().position() + length;
      while (in.cursor().position() < end) {
        times(in.cursor().varint());
      }
    }
  }

  private void times(long dimension) throws IOException {
    if (dimension < 0) {
      throw new DamagedException("An ONNX tensor with a negative size");
    }
    try {
      elements = Math.multiplyExact(elements, dimension);
    } catch (ArithmeticException e) {
      throw new DamagedException("An ONNX tensor larger than any file");
    }
  }

  private void pair(Protobuf in) throws IOException {
    String[] pair = {"", ""};
    in.inner((field, wire, entry) -> {
      if (wire == Protobuf.BYTES && (field == 1 || field == 2)) {
        pair[field - 1] = entry.text(KEPT_TEXT);
      }
    });
    external.put(pair[0], pair[1]);
    if (external.size() > MAX_PAIRS) {
      throw new DamagedException("An ONNX tensor in more places than one");
    }
  }

  void check() throws IOException {
    long bytes = bytes();
    if (raw && bytes >= 0 && rawBytes != bytes) {
      throw new DamagedException(
          "Tensor %s has %d bytes, its shape asks for %d".formatted(name, rawBytes, bytes));
    }
    FloatScan.Kind kind = FLOATS.get(type);
    if (raw && kind != null) {
      finite = FloatScan.finite(kind, false, content.raw(rawAt, rawBytes));
    }
    if (outside) {
      outside(bytes);
    }
  }

  private long bytes() throws IOException {
    if (type < 0 || type >= BITS.length) {
      return -1;
    }
    if (BITS[type] == 0) {
      return -1;
    }
    try {
      return Math.ceilDiv(Math.multiplyExact(elements, BITS[type]), 8);
    } catch (ArithmeticException e) {
      throw new DamagedException("An ONNX tensor larger than any file");
    }
  }

  private void outside(long bytes) throws IOException {
    String location = external.getOrDefault("location", "");
    if (!SafePath.isSafe(location)) {
      throw new DamagedException("Tensor " + name + " lies outside the directory: " + location);
    }
    long offset = number("offset", 0);
    long length = number("length", Math.max(0, bytes));
    if (bytes >= 0 && length != bytes) {
      throw new DamagedException(
          "Tensor %s has %d bytes in %s, its shape asks for %d"
              .formatted(name, length, location, bytes));
    }
    Optional<Path> file = content.sibling(location);
    if (file.isEmpty()) {
      return;
    }
    if (!Files.isRegularFile(file.get())) {
      missing = Optional.of("The external data of tensors is missing: " + location);
    } else if (offset > Files.size(file.get()) - length) {
      throw new DamagedException("%s ends before tensor %s does".formatted(location, name));
    }
  }

  private long number(String key, long otherwise) throws IOException {
    String text = external.get(key);
    if (text == null) {
      return otherwise;
    }
    if (text.isEmpty() || text.length() > 18 || !text.chars().allMatch(Character::isDigit)) {
      throw new DamagedException("Tensor %s has the %s \"%s\"".formatted(name, key, text));
    }
    return Long.parseLong(text);
  }

  /// A shape whose data was taken out: graphs are passed around so.
  boolean isStripped() {
    return !raw && !otherData && !outside && elements > 0 && type != STRING;
  }

  boolean isFinite() {
    return finite;
  }

  Optional<String> missing() {
    return missing;
  }
}
