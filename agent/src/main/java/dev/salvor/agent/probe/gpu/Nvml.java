package dev.salvor.agent.probe.gpu;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
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

  private final SymbolLookup library;
  private final Map<String, Optional<MethodHandle>> handles = new HashMap<>();

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

  /// @param arguments each an Integer, a Long or a MemorySegment, of the same kinds at every call
  void call(String function, Object... arguments) throws NvmlException {
    int status = status(function, arguments);
    if (status != 0) {
      throw new NvmlException(function, status);
    }
  }

  /// What it answered, of nvmlReturn_t.
  int status(String function, Object... arguments) throws NvmlException {
    MethodHandle handle =
        handles
            .computeIfAbsent(function, name -> link(name, arguments))
            .orElseThrow(() -> new NvmlException(function, NvmlException.NO_SYMBOL));
    try {
      return (int) handle.invokeWithArguments(arguments);
    } catch (Throwable e) {
      throw new IllegalStateException("A native call's types are wrong", e);
    }
  }

  private Optional<MethodHandle> link(String function, Object... arguments) {
    MemoryLayout[] layouts = new MemoryLayout[arguments.length];
    for (int i = 0; i < arguments.length; i++) {
      layouts[i] =
          switch (arguments[i]) {
            case Integer _ -> JAVA_INT;
            case Long _ -> JAVA_LONG;
            default -> ADDRESS;
          };
    }
    return library
        .find(function)
        .map(address ->
            Linker.nativeLinker()
                .downcallHandle(address, FunctionDescriptor.of(JAVA_INT, layouts)));
  }
}
