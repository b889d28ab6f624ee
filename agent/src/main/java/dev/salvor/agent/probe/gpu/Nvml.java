package dev.salvor.agent.probe.gpu;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// NVIDIA's management library (nvml.h), loaded and initialised where it is there. Used by one
/// thread at a time; a call may hang on a broken driver, so never by one that others wait for.
@SuppressWarnings("restricted")
final class Nvml {
  static final String LIBRARY = "libnvidia-ml.so.1";

  /// The longest list of nvml.h that is used here.
  private static final int MOST_ARGUMENTS = 5;

  private final SymbolLookup library;
  private final Map<String, Optional<MemorySegment>> addresses = new HashMap<>();

  private Nvml(SymbolLookup library) {
    this.library = library;
  }

  /// Throws with the reason where there is no library, or no driver behind it. It stays loaded for
  /// good: a driver's library that goes while a call hangs in it takes the process along.
  ///
  /// @param library its name for the loader, or its path
  static Nvml open(String library) throws IOException {
    Nvml nvml;
    try {
      nvml = new Nvml(SymbolLookup.libraryLookup(library, Arena.global()));
    } catch (IllegalArgumentException e) {
      throw new IOException("no %s on this box: %s".formatted(library, e.getMessage()), e);
    }
    nvml.call("nvmlInit_v2");
    return nvml;
  }

  boolean has(String function) {
    return library.find(function).isPresent();
  }

  /// The first of these that this version of the library has, newest name first.
  String first(String... functions) {
    for (String function : functions) {
      if (has(function)) {
        return function;
      }
    }
    return functions[functions.length - 1];
  }

  /// @param arguments each an Integer, a Long or a MemorySegment
  void call(String function, Object... arguments) throws NvmlException {
    int status = status(function, arguments);
    if (status != 0) {
      throw new NvmlException(function, status);
    }
  }

  /// What it answered, of nvmlReturn_t.
  int status(String function, Object... arguments) throws NvmlException {
    MemorySegment address =
        addresses
            .computeIfAbsent(function, library::find)
            .orElseThrow(() -> new NvmlException(function, NvmlException.NO_SYMBOL));
    long[] words = new long[MOST_ARGUMENTS];
    for (int i = 0; i < arguments.length; i++) {
      words[i] = word(arguments[i]);
    }
    try {
      return (int)
          AnyCall.HANDLE.invokeExact(address, words[0], words[1], words[2], words[3], words[4]);
    } catch (Throwable e) {
      throw new IllegalStateException("A native call's types are wrong", e);
    }
  }

  private static long word(Object argument) {
    if (argument instanceof MemorySegment at) {
      return at.address();
    }
    if (argument instanceof Number number) {
      return number.longValue();
    }
    throw new IllegalArgumentException("Nothing that nvml.h takes: " + argument);
  }

  /// All of its functions take numbers and pointers only, which go in registers of their own here
  /// (x86_64, aarch64), and leave those that they do not know alone: so one handle calls them all.
  /// A handle of each function's own shape would cost a watcher megabytes. Made where there is a
  /// library to call.
  private static final class AnyCall {
    static final MethodHandle HANDLE =
        Linker.nativeLinker()
            .downcallHandle(
                FunctionDescriptor.of(
                    JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG));
  }
}
