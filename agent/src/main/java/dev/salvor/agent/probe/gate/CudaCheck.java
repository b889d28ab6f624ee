package dev.salvor.agent.probe.gate;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.PrintStream;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;

/// What a framework's first look at the GPUs would find, through the driver's own CUDA library, in
/// a process of its own: the library may hang, crash, or keep memory of each card for good.
@SuppressWarnings("restricted")
public final class CudaCheck {
  /// Another library in its place, for whoever wants to try it.
  static final String LIBRARY_VARIABLE = "SALVOR_LIBCUDA";

  static final String LIBRARY = "libcuda.so.1";

  /// The words that the check prints, one a line.
  static final String DONE = "done";

  static final String FAILED = "failed";
  static final String VERSION = "version";
  static final String DEVICES = "devices";
  static final String NAME = "name";

  private static final long SOME_BYTES = 1 << 20;
  private static final int NAME_BYTES = 100;
  private static final int EXIT_FAILED = 1;

  private final SymbolLookup library;
  private final Arena arena;
  private final PrintStream out;

  private CudaCheck(SymbolLookup library, Arena arena, PrintStream out) {
    this.library = library;
    this.arena = arena;
    this.out = out;
  }

  /// Returns the exit code.
  public static int run(PrintStream out) {
    String name = System.getenv().getOrDefault(LIBRARY_VARIABLE, LIBRARY);
    try (Arena arena = Arena.ofConfined()) {
      SymbolLookup library;
      try {
        library = SymbolLookup.libraryLookup(name, Arena.global());
      } catch (IllegalArgumentException e) {
        out.println(FAILED + " load 0 " + name + " cannot be loaded");
        return EXIT_FAILED;
      }
      return new CudaCheck(library, arena, out).run() ? 0 : EXIT_FAILED;
    }
  }

  /// Every card is taken up, given a little memory, and let go.
  private boolean run() {
    if (!call("cuInit", 0)) {
      return false;
    }
    MemorySegment number = arena.allocate(JAVA_INT);
    if (!call("cuDriverGetVersion", number)) {
      return false;
    }
    out.println(VERSION + " " + number.get(JAVA_INT, 0));
    if (!call("cuDeviceGetCount", number)) {
      return false;
    }
    int devices = number.get(JAVA_INT, 0);
    out.println(DEVICES + " " + devices);
    for (int i = 0; i < devices; i++) {
      if (!take(i)) {
        return false;
      }
    }
    out.println(DONE);
    return true;
  }

  private boolean take(int ordinal) {
    MemorySegment device = arena.allocate(JAVA_INT);
    MemorySegment context = arena.allocate(ADDRESS);
    MemorySegment memory = arena.allocate(JAVA_LONG);
    boolean there = call("cuDeviceGet", device, ordinal);
    if (there) {
      name(ordinal, device.get(JAVA_INT, 0));
    }
    return there
        && call("cuCtxCreate_v2", context, 0, device.get(JAVA_INT, 0))
        && call("cuMemAlloc_v2", memory, SOME_BYTES)
        && call("cuMemFree_v2", memory.get(JAVA_LONG, 0))
        && call("cuCtxDestroy_v2", context.get(ADDRESS, 0));
  }

  /// For a box whose driver has no other library to ask.
  private void name(int ordinal, int device) {
    MemorySegment to = arena.allocate(NAME_BYTES + 1);
    if (library.find("cuDeviceGetName").isPresent()
        && call("cuDeviceGetName", to, NAME_BYTES, device)) {
      out.println("%s %d %s".formatted(NAME, ordinal, to.getString(0)));
    }
  }

  private boolean call(String function, Object... arguments) {
    var address = library.find(function);
    if (address.isEmpty()) {
      out.println(FAILED + " " + function + " 0 the library has no such function");
      return false;
    }
    MemoryLayout[] layouts = new MemoryLayout[arguments.length];
    for (int i = 0; i < arguments.length; i++) {
      layouts[i] =
          switch (arguments[i]) {
            case Integer _ -> JAVA_INT;
            case Long _ -> JAVA_LONG;
            default -> ADDRESS;
          };
    }
    int result;
    try {
      result =
          (int)
              Linker.nativeLinker()
                  .downcallHandle(address.get(), FunctionDescriptor.of(JAVA_INT, layouts))
                  .invokeWithArguments(arguments);
    } catch (Throwable e) {
      throw new IllegalStateException("A native call's types are wrong", e);
    }
    if (result != 0) {
      out.println(FAILED + " " + function + " " + result + " " + words(result));
    }
    return result == 0;
  }

  /// Of CUresult (cuda.h).
  private static String words(int result) {
    return switch (result) {
      case 2 -> "out of memory: somebody else holds it";
      case 3 -> "not initialised";
      case 35 -> "the driver is too old for the library";
      case 46 -> "the GPU is busy or unavailable";
      case 100 -> "no CUDA device is seen";
      case 101 -> "no such device";
      case 201 -> "invalid context";
      case 214 -> "a memory error that cannot be corrected (ECC)";
      case 304 -> "the host's system refuses it";
      case 802 -> "the system is not ready: the fabric manager does not run";
      case 803 -> "library and kernel driver are of different versions";
      case 804 -> "forward compatibility does not work on this card";
      case 999 -> "unknown error: the card must be reset";
      default -> "CUresult " + result;
    };
  }
}
