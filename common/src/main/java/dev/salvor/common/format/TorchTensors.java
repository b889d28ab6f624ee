package dev.salvor.common.format;

import dev.salvor.common.format.PickleValue.Global;
import dev.salvor.common.format.PickleValue.Storage;
import dev.salvor.common.format.PickleValue.Text;
import dev.salvor.common.format.PickleValue.Tuple;
import dev.salvor.common.format.PickleValue.Whole;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/// How torch lays tensors over storages: persistent ids and the arguments of its rebuild functions.
final class TorchTensors {
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
          Map.entry("UntypedStorage", 1));

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
    return new Storage(key, elements, ELEMENT_BYTES.getOrDefault(simple, -1));
  }

  /// (storage, offset, size, stride, ...): the furthest element must lie on the storage. Of an
  /// untyped storage, which counts bytes, this is a bound only.
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
      long last = offset;
      for (int i = 0; i < size.size(); i++) {
        if (!(size.get(i) instanceof Whole(long n)) || !(stride.get(i) instanceof Whole(long s))) {
          return;
        }
        if (n == 0) {
          return;
        }
        last = Math.addExact(last, Math.multiplyExact(n - 1, s));
      }
      if (last >= storage.elements() || last < 0) {
        throw new DamagedException("A tensor reaches past its storage " + storage.key());
      }
    } catch (ArithmeticException e) {
      throw new DamagedException("A tensor's shape overflows on storage " + storage.key());
    }
  }

  /// Bytes of the storage's record; -1 where the element size is unknown.
  static long bytes(Storage storage) throws IOException {
    if (storage.elementBytes() < 0) {
      return -1;
    }
    try {
      return Math.multiplyExact(storage.elements(), storage.elementBytes());
    } catch (ArithmeticException e) {
      throw new DamagedException("Storage " + storage.key() + " is larger than any file");
    }
  }
}
