package dev.salvor.common.format;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/// safetensors: a JSON header that lays out every byte behind it. Rules and their order are those
/// of the reference reader (huggingface/safetensors, src/tensor.rs).
final class SafetensorsFormat implements Format {
  private static final int PREFIX = 8;
  private static final long MAX_HEADER = 100_000_000;
  private static final int MAX_TENSORS = 2_000_000;
  private static final int MAX_DIMENSIONS = 64;

  /// A zero tail shorter than this is as likely data as a writer caught at work.
  private static final long SUSPECT_TAIL = 4096;

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

  private record Extent(String tensor, long begin, long end) {}

  @Override
  public String name() {
    return "safetensors";
  }

  @Override
  public boolean recognises(Content content) {
    if (content.startsWith("version https://git-lfs")) {
      return false;
    }
    if (content.fileName().endsWith(".safetensors")) {
      return true;
    }
    // A header of under 100 MB leaves the upper four bytes of its length zero.
    for (int i = 4; i < PREFIX; i++) {
      if (content.headByte(i) != 0) {
        return false;
      }
    }
    return content.headByte(PREFIX) == '{' && content.headByte(PREFIX + 1) == '"';
  }

  @Override
  public Inspection inspect(Content content) throws IOException {
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
    List<Extent> extents = header(new JsonReader(content.stream(PREFIX, length)));
    long data = PREFIX + length;
    contiguous(extents, content.size() - data);
    if (caughtInWriting(content, data, extents)) {
      return new Inspection(
          Verdict.STRUCTURE_OK_BUT_INCOMPLETE,
          name(),
          extents.size(),
          List.of(),
          List.of("Zeros from the middle of one tensor through others to the end of the file"));
    }
    return new Inspection(Verdict.ACCEPT, name(), extents.size(), List.of(), List.of());
  }

  private static List<Extent> header(JsonReader json) throws IOException {
    List<Extent> extents = new ArrayList<>();
    json.object(key -> {
      if (key.equals("__metadata__")) {
        metadata(json);
        return;
      }
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
    Extent extent = new Extent(name, offsets.get(0), offsets.get(1));
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

  /// Sorts the extents by place; they must cover the data exactly, without holes or overlap.
  private static void contiguous(List<Extent> extents, long dataBytes) throws IOException {
    extents.sort(Comparator.comparingLong(Extent::begin).thenComparingLong(Extent::end));
    long at = 0;
    for (Extent extent : extents) {
      if (extent.begin() != at || extent.end() < extent.begin()) {
        throw new DamagedException(
            "InvalidOffset: %s begins at %d, not %d"
                .formatted(extent.tensor(), extent.begin(), at));
      }
      at = extent.end();
    }
    if (at != dataBytes) {
      throw new DamagedException(
          "MetadataIncompleteBuffer: %d bytes described, %d there".formatted(at, dataBytes));
    }
  }

  /// The reference writer sets the final length before it writes: a file caught then has a perfect
  /// header and ends in zeros that begin inside a tensor and swallow at least one more.
  private static boolean caughtInWriting(Content content, long data, List<Extent> extents)
      throws IOException {
    long zeros = ZeroTail.length(content, data);
    if (zeros < SUSPECT_TAIL) {
      return false;
    }
    long zerosFrom = content.size() - data - zeros;
    boolean insideOne = false;
    int swallowed = 0;
    for (Extent extent : extents) {
      insideOne |= extent.begin() < zerosFrom && zerosFrom < extent.end();
      swallowed += extent.begin() > zerosFrom && extent.end() > extent.begin() ? 1 : 0;
    }
    return insideOne && swallowed > 0 && zerosFrom > 0;
  }
}
