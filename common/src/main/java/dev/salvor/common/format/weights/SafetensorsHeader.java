package dev.salvor.common.format.weights;

import dev.salvor.common.format.Content;
import dev.salvor.common.format.DamagedException;
import dev.salvor.common.format.FloatScan;
import dev.salvor.common.format.JsonReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// The header of a safetensors file: where its data begins, and which tensors lie where in it.
/// Rules and their order are those of the reference reader (huggingface/safetensors,
/// src/tensor.rs).
///
/// @param data where the data begins in the file
public record SafetensorsHeader(long data, List<Extent> extents) {
  static final int PREFIX = 8;
  private static final long MAX_HEADER = 100_000_000;
  private static final int MAX_TENSORS = 400_000;
  private static final int MAX_DIMENSIONS = 64;

  /// Names are kept for messages only.
  private static final int KEPT_NAME = 80;

  private static final Map<String, Integer> BITS =
      Map.ofEntries(
          Map.entry("F4", 4),
          Map.entry("F6_E2M3", 6),
          Map.entry("F6_E3M2", 6),
          Map.entry("BOOL", 8),
          Map.entry("U8", 8),
          Map.entry("I8", 8),
          Map.entry("F8_E5M2", 8),
          Map.entry("F8_E4M3", 8),
          Map.entry("F8_E8M0", 8),
          Map.entry("F8_E4M3FNUZ", 8),
          Map.entry("F8_E5M2FNUZ", 8),
          Map.entry("I16", 16),
          Map.entry("U16", 16),
          Map.entry("F16", 16),
          Map.entry("BF16", 16),
          Map.entry("I32", 32),
          Map.entry("U32", 32),
          Map.entry("F32", 32),
          Map.entry("C64", 64),
          Map.entry("F64", 64),
          Map.entry("I64", 64),
          Map.entry("U64", 64));

  private static final Map<String, FloatScan.Kind> FLOATS =
      Map.of(
          "F16", FloatScan.Kind.F16,
          "BF16", FloatScan.Kind.BF16,
          "F32", FloatScan.Kind.F32,
          "C64", FloatScan.Kind.F32,
          "F64", FloatScan.Kind.F64);

  /// One tensor's place, counted from the beginning of the data.
  public record Extent(String tensor, Optional<FloatScan.Kind> floats, long begin, long end) {}

  /// Reads the header and hands over every tensor's name in full.
  public static SafetensorsHeader read(Content content, Consumer<String> names) throws IOException {
    if (content.size() < PREFIX) {
      throw new DamagedException("HeaderTooSmall: a file of " + content.size() + " bytes");
    }
    long length = content.read(0, PREFIX).getLong();
    if (length < 0 || length > MAX_HEADER) {
      throw new DamagedException("HeaderTooLarge: " + Long.toUnsignedString(length) + " bytes");
    }
    if (PREFIX + length > content.size()) {
      throw new DamagedException("InvalidHeaderLength: " + length + " bytes are not there");
    }
    List<Extent> extents = header(new JsonReader(content.stream(PREFIX, length)), names);
    return new SafetensorsHeader(PREFIX + length, extents);
  }

  private static List<Extent> header(JsonReader json, Consumer<String> names) throws IOException {
    List<Extent> extents = new ArrayList<>();
    json.object(key -> {
      if (key.equals("__metadata__")) {
        metadata(json);
        return;
      }
      names.accept(key);
      extents.add(tensor(key, json));
      if (extents.size() > MAX_TENSORS) {
        throw new DamagedException("Over " + MAX_TENSORS + " tensors");
      }
    });
    json.end();
    return extents;
  }

  private static void metadata(JsonReader json) throws IOException {
    if (json.peekValue() == 'n') {
      json.skip();
      return;
    }
    json.object(key -> {
      if (json.peekValue() != '"') {
        throw new DamagedException("InvalidHeader: __metadata__ holds more than strings");
      }
      json.skip();
    });
  }

  private static Extent tensor(String name, JsonReader json) throws IOException {
    List<String> dtype = new ArrayList<>();
    List<Long> shape = new ArrayList<>();
    List<Long> offsets = new ArrayList<>();
    List<String> seen = new ArrayList<>();
    json.object(key -> {
      seen.add(key);
      switch (key) {
        case "dtype" -> dtype.add(json.string(64));
        case "shape" -> numbers(json, shape, MAX_DIMENSIONS);
        case "data_offsets" -> numbers(json, offsets, 2);
        default -> json.skip();
      }
    });
    if (dtype.isEmpty() || !seen.contains("shape") || offsets.size() != 2) {
      throw new DamagedException("InvalidHeader: " + name + " lacks dtype, shape or data_offsets");
    }
    String shown = name.length() > KEPT_NAME ? name.substring(0, KEPT_NAME) : name;
    Optional<FloatScan.Kind> floats = Optional.ofNullable(FLOATS.get(dtype.getFirst()));
    Extent extent = new Extent(shown, floats, offsets.get(0), offsets.get(1));
    if (extent.end() - extent.begin() != bytes(name, dtype.get(0), shape)) {
      throw new DamagedException("TensorInvalidInfo: " + name + " is not as long as its shape");
    }
    return extent;
  }

  private static void numbers(JsonReader json, List<Long> into, int max) throws IOException {
    json.array(() -> {
      into.add(json.unsigned());
      if (into.size() > max) {
        throw new DamagedException("InvalidHeader: over " + max + " numbers");
      }
    });
  }

  private static long bytes(String name, String dtype, List<Long> shape) throws IOException {
    Integer bits = BITS.get(dtype);
    if (bits == null) {
      throw new DamagedException("InvalidHeader: " + name + " has unknown dtype " + dtype);
    }
    try {
      long elements = 1;
      for (long dimension : shape) {
        elements = Math.multiplyExact(elements, dimension);
      }
      long total = Math.multiplyExact(elements, bits);
      if (total % 8 != 0) {
        throw new DamagedException("MisalignedSlice: " + name + " does not end on a byte");
      }
      return total / 8;
    } catch (ArithmeticException e) {
      throw new DamagedException("ValidationOverflow: " + name + " has shape " + shape);
    }
  }
}
