package dev.salvor.common.format.pickle;

import dev.salvor.common.format.DamagedException;
import dev.salvor.common.format.FloatScan;
import dev.salvor.common.format.pickle.PickleValue.Global;
import dev.salvor.common.format.pickle.PickleValue.Storage;
import dev.salvor.common.format.pickle.PickleValue.Text;
import dev.salvor.common.format.pickle.PickleValue.Tuple;
import dev.salvor.common.format.pickle.PickleValue.Whole;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// How torch lays tensors over storages: persistent ids and the arguments of its rebuild functions.
public final class TorchTensors {
  private static final Map<String, Integer> ELEMENT_BYTES =
      Map.ofEntries(
          Map.entry("DoubleStorage", 8),
          Map.entry("FloatStorage", 4),
          Map.entry("HalfStorage", 2),
          Map.entry("BFloat16Storage", 2),
          Map.entry("LongStorage", 8),
          Map.entry("IntStorage", 4),
          Map.entry("ShortStorage", 2),
          Map.entry("CharStorage", 1),
          Map.entry("ByteStorage", 1),
          Map.entry("BoolStorage", 1),
          Map.entry("ComplexFloatStorage", 8),
          Map.entry("ComplexDoubleStorage", 16),
          Map.entry("QInt8Storage", 1),
          Map.entry("QUInt8Storage", 1),
          Map.entry("QInt32Storage", 4),
          Map.entry("QUInt4x2Storage", 1),
          Map.entry("QUInt2x4Storage", 1),
          Map.entry("UntypedStorage", 1));

  /// Of the dtypes that _rebuild_tensor_v3 is told, since an untyped storage does not know its own.
  private static final Map<String, Integer> DTYPE_BYTES =
      Map.ofEntries(
          Map.entry("torch.float8_e4m3fn", 1),
          Map.entry("torch.float8_e5m2", 1),
          Map.entry("torch.float8_e4m3fnuz", 1),
          Map.entry("torch.float8_e5m2fnuz", 1),
          Map.entry("torch.float8_e8m0fnu", 1),
          Map.entry("torch.uint16", 2),
          Map.entry("torch.uint32", 4),
          Map.entry("torch.uint64", 8));

  private static final Map<String, FloatScan.Kind> FLOATS =
      Map.of(
          "DoubleStorage", FloatScan.Kind.F64,
          "FloatStorage", FloatScan.Kind.F32,
          "HalfStorage", FloatScan.Kind.F16,
          "BFloat16Storage", FloatScan.Kind.BF16,
          "ComplexFloatStorage", FloatScan.Kind.F32,
          "ComplexDoubleStorage", FloatScan.Kind.F64);

  private TorchTensors() {}

  static boolean rebuilds(String function) {
    return function.equals("torch._utils._rebuild_tensor_v2")
        || function.equals("torch._utils._rebuild_tensor_v3")
        || function.equals("torch._utils._rebuild_tensor");
  }

  /// ('storage', type, key, location, elements [, view]) as a storage; anything else is opaque.
  static PickleValue storage(List<PickleValue> id) throws IOException {
    if (id.size() < 5
        || !(id.get(0) instanceof Text(String tag))
        || !tag.equals("storage")
        || !(id.get(1) instanceof Global(String type))
        || !(id.get(2) instanceof Text(String key))
        || !(id.get(4) instanceof Whole(long elements))) {
      return PickleValue.OPAQUE;
    }
    if (elements < 0) {
      throw new DamagedException("Storage " + key + " has a negative size");
    }
    String simple = type.substring(type.lastIndexOf('.') + 1);
    return new Storage(key, elements, simple);
  }

  /// (storage, offset, size, stride, ...): the furthest element must lie on the storage. Of an
  /// untyped storage, which counts bytes, each element is as long as the dtype says.
  static void check(List<PickleValue> arguments) throws IOException {
    if (arguments.size() < 4
        || !(arguments.get(0) instanceof Storage storage)
        || !(arguments.get(1) instanceof Whole(long offset))
        || !(arguments.get(2) instanceof Tuple(var size))
        || !(arguments.get(3) instanceof Tuple(var stride))) {
      return;
    }
    if (size.size() != stride.size() || offset < 0) {
      throw new DamagedException("A tensor on storage " + storage.key() + " has a torn shape");
    }
    try {
      long last = last(offset, size, stride);
      long ends = Math.multiplyExact(Math.addExact(last, 1), elementBytes(storage, arguments));
      if (last >= 0 && (ends > storage.elements() || ends < 1)) {
        throw new DamagedException("A tensor reaches past its storage " + storage.key());
      }
    } catch (ArithmeticException e) {
      throw new DamagedException("A tensor's shape overflows on storage " + storage.key());
    }
  }

  /// The place of the furthest element; -1 where there is none or it cannot be known.
  private static long last(long offset, List<PickleValue> size, List<PickleValue> stride)
      throws IOException {
    long last = offset;
    for (int i = 0; i < size.size(); i++) {
      if (!(size.get(i) instanceof Whole(long n))
          || !(stride.get(i) instanceof Whole(long s))
          || n == 0) {
        return -1;
      }
      if (n < 0 || s < 0) {
        throw new DamagedException("A tensor has a negative size or stride");
      }
      last = Math.addExact(last, Math.multiplyExact(n - 1, s));
    }
    return last;
  }

  private static int elementBytes(Storage storage, List<PickleValue> arguments) {
    boolean untyped = storage.type().equals("UntypedStorage");
    return untyped && arguments.size() > 6 && arguments.get(6) instanceof Global(String dtype)
        ? DTYPE_BYTES.getOrDefault(dtype, 1)
        : 1;
  }

  /// How the storage's elements are coded where they are floating-point numbers.
  public static Optional<FloatScan.Kind> floats(Storage storage) {
    return Optional.ofNullable(FLOATS.get(storage.type()));
  }

  /// Bytes of the storage's record; -1 where the element size is unknown.
  public static long bytes(Storage storage) throws IOException {
    int elementBytes = ELEMENT_BYTES.getOrDefault(storage.type(), -1);
    if (elementBytes < 0) {
      return -1;
    }
    try {
      return Math.multiplyExact(storage.elements(), elementBytes);
    } catch (ArithmeticException e) {
      throw new DamagedException("Storage " + storage.key() + " is larger than any file");
    }
  }
}
