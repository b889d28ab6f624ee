package dev.salvor.agent.probe;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;

/// NVIDIA's management library (nvml.h), loaded where it is there. Calls may hang on a broken
/// driver.
@SuppressWarnings("restricted")
final class Nvml implements AutoCloseable {
  static final String LIBRARY = "libnvidia-ml.so.1";

  /// Of nvmlClockType_t: the multiprocessors, which the job's kernels run on.
  private static final int CLOCK_SM = 1;

  private static final double MILLIWATTS = 1000;
  private static final int NAME_BYTES = 96;
  private static final int VERSION_BYTES = 80;

  private final Arena arena = Arena.ofConfined();
  private final SymbolLookup library;
  private boolean initialised;

  private Nvml(String name) throws IOException {
    try {
      library = SymbolLookup.libraryLookup(name, arena);
    } catch (IllegalArgumentException e) {
      arena.close();
      throw new IOException("no %s on this box: %s".formatted(name, e.getMessage()), e);
    }
  }

  /// Throws with the reason where there is no library or no driver behind it.
  ///
  /// @param library its name for the loader, or its path
  static Nvml open(String library) throws IOException {
    Nvml nvml = new Nvml(library);
    try {
      nvml.call("nvmlInit_v2");
      nvml.initialised = true;
      return nvml;
    } catch (IOException e) {
      nvml.close();
      throw e;
    }
  }

  int deviceCount() throws IOException {
    MemorySegment count = arena.allocate(JAVA_INT);
    call("nvmlDeviceGetCount_v2", count);
    return count.get(JAVA_INT, 0);
  }

  String driverVersion() throws IOException {
    MemorySegment text = arena.allocate(VERSION_BYTES);
    call("nvmlSystemGetDriverVersion", text, VERSION_BYTES);
    return text.getString(0);
  }

  /// The newest CUDA that the driver speaks, as "12.4".
  String cudaVersion() throws IOException {
    MemorySegment number = arena.allocate(JAVA_INT);
    call("nvmlSystemGetCudaDriverVersion_v2", number);
    int version = number.get(JAVA_INT, 0);
    return version / 1000 + "." + version % 1000 / 10;
  }

  /// A device lost to the bus answers with an error here or at any later call.
  MemorySegment device(int index) throws IOException {
    MemorySegment device = arena.allocate(ADDRESS);
    call("nvmlDeviceGetHandleByIndex_v2", index, device);
    return device.get(ADDRESS, 0);
  }

  String name(MemorySegment device) throws IOException {
    MemorySegment text = arena.allocate(NAME_BYTES);
    call("nvmlDeviceGetName", device, text, NAME_BYTES);
    return text.getString(0);
  }

  /// Of the last second or less, the share in which a kernel ran, in percent.
  int use(MemorySegment device) throws IOException {
    MemorySegment gpuAndMemory = arena.allocate(JAVA_INT, 2);
    call("nvmlDeviceGetUtilizationRates", device, gpuAndMemory);
    return gpuAndMemory.getAtIndex(JAVA_INT, 0);
  }

  /// In watts.
  double power(MemorySegment device) throws IOException {
    return number("nvmlDeviceGetPowerUsage", device) / MILLIWATTS;
  }

  /// What the card may draw, in watts.
  double powerLimit(MemorySegment device) throws IOException {
    return number("nvmlDeviceGetEnforcedPowerLimit", device) / MILLIWATTS;
  }

  /// In MHz.
  int clock(MemorySegment device) throws IOException {
    return clock("nvmlDeviceGetClockInfo", device);
  }

  /// The fastest, in MHz.
  int clockMax(MemorySegment device) throws IOException {
    return clock("nvmlDeviceGetMaxClockInfo", device);
  }

  private int number(String function, MemorySegment device) throws IOException {
    MemorySegment number = arena.allocate(JAVA_INT);
    call(function, device, number);
    return number.get(JAVA_INT, 0);
  }

  private int clock(String function, MemorySegment device) throws IOException {
    MemorySegment mhz = arena.allocate(JAVA_INT);
    call(function, device, CLOCK_SM, mhz);
    return mhz.get(JAVA_INT, 0);
  }

  @Override
  public void close() {
    try {
      if (initialised) {
        call("nvmlShutdown");
      }
    } catch (IOException e) {
      // The library is unloaded next; there is nobody to tell and nothing to do.
      initialised = false;
    } finally {
      arena.close();
    }
  }

  private void call(String function, Object... arguments) throws IOException {
    MemorySegment address =
        library
            .find(function)
            .orElseThrow(() -> new IOException("%s has no %s".formatted(LIBRARY, function)));
    MemoryLayout[] layouts = new MemoryLayout[arguments.length];
    for (int i = 0; i < arguments.length; i++) {
      layouts[i] = arguments[i] instanceof Integer ? JAVA_INT : ADDRESS;
    }
    MethodHandle handle =
        Linker.nativeLinker().downcallHandle(address, FunctionDescriptor.of(JAVA_INT, layouts));
    int status = invoke(handle, arguments);
    if (status != 0) {
      throw new IOException("%s answered %d (nvml.h, nvmlReturn_t)".formatted(function, status));
    }
  }

  private static int invoke(MethodHandle handle, Object... arguments) {
    try {
      return (int) handle.invokeWithArguments(arguments);
    } catch (Throwable e) {
      throw new IllegalStateException("A native call's types are wrong", e);
    }
  }
}
