package dev.salvor.agent.probe.gpu;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;

/// One GPU as the library knows it, asked one thing at a time.
///
/// @param index in the order of the bus, which is CUDA's only where CUDA_DEVICE_ORDER says so
/// @param at the library's own pointer
record Card(Nvml nvml, int index, MemorySegment at) {
  /// Longer than any name or id that nvml.h allows (NVML_DEVICE_NAME_V2_BUFFER_SIZE and the like).
  private static final int TEXT_BYTES = 96;

  /// Of the card itself, and as its readings are named.
  String name() {
    return "gpu" + index;
  }

  String text(String function) throws NvmlException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment to = arena.allocate(TEXT_BYTES);
      nvml.call(function, at, to, TEXT_BYTES);
      return Texts.of(to);
    }
  }

  int number(String function) throws NvmlException {
    return numbers(function, 1)[0];
  }

  /// Of a function that fills that many numbers through pointers of their own.
  int[] numbers(String function, int count) throws NvmlException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment to = arena.allocate(JAVA_INT, count);
      Object[] arguments = new Object[count + 1];
      arguments[0] = at;
      for (int i = 0; i < count; i++) {
        arguments[i + 1] = to.asSlice((long) i * Integer.BYTES, Integer.BYTES);
      }
      nvml.call(function, arguments);
      return to.toArray(JAVA_INT);
    }
  }

  /// Of a function that is asked by one more number: a kind of clock, a link.
  int numberOf(String function, int which) throws NvmlException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment to = arena.allocate(JAVA_INT);
      nvml.call(function, at, which, to);
      return to.get(JAVA_INT, 0);
    }
  }

  /// Of a function that is asked by two more numbers, and answers with a long one.
  long longOf(String function, int one, int two) throws NvmlException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment to = arena.allocate(JAVA_LONG);
      nvml.call(function, at, one, two, to);
      return to.get(JAVA_LONG, 0);
    }
  }

  long longOf(String function) throws NvmlException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment to = arena.allocate(JAVA_LONG);
      nvml.call(function, at, to);
      return to.get(JAVA_LONG, 0);
    }
  }

  /// A record filled by the card.
  MemorySegment record(String function, MemorySegment to) throws NvmlException {
    nvml.call(function, at, to);
    return to;
  }

  /// Zeroed, as the allocator gives it, but for its version.
  static MemorySegment versioned(SegmentAllocator arena, int bytes, int version) {
    MemorySegment record = arena.allocate(bytes, Long.BYTES);
    record.set(JAVA_INT, 0, bytes | version << 24);
    return record;
  }
}
