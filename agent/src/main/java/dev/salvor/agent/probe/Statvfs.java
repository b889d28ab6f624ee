package dev.salvor.agent.probe;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;

/// The C library's statvfs(3): Java has no word for inodes.
@SuppressWarnings("restricted")
public final class Statvfs {
  // struct statvfs of glibc and musl on 64-bit Linux: 112 bytes, eleven longs first.
  private static final long STRUCT_BYTES = 112;
  private static final long FRAGMENT = 8;
  private static final long BLOCKS = 16;
  private static final long BLOCKS_AVAILABLE = 32;
  private static final long FILES = 40;
  private static final long FILES_AVAILABLE = 56;
  private static final long FILESYSTEM = 64;

  private static final StructLayout STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
  private static final MethodHandle CALL =
      Linker.nativeLinker()
          .downcallHandle(
              Linker.nativeLinker().defaultLookup().findOrThrow("statvfs"),
              FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS),
              Linker.Option.captureCallState("errno"));

  private Statvfs() {}

  /// A file system's room. Inodes are 0 where it does not count them.
  public record Room(
      long totalBytes, long freeBytes, long inodes, long freeInodes, long fileSystem) {}

  public static Room of(Path path) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(STATE);
      MemorySegment room = arena.allocate(STRUCT_BYTES, Long.BYTES);
      if (call(state, arena.allocateFrom(path.toString()), room) != 0) {
        int errno = (int) ERRNO.get(state, 0L);
        throw new IOException("statvfs %s failed with errno %d".formatted(path, errno));
      }
      long fragment = room.get(JAVA_LONG, FRAGMENT);
      return new Room(
          room.get(JAVA_LONG, BLOCKS) * fragment,
          room.get(JAVA_LONG, BLOCKS_AVAILABLE) * fragment,
          room.get(JAVA_LONG, FILES),
          room.get(JAVA_LONG, FILES_AVAILABLE),
          room.get(JAVA_LONG, FILESYSTEM));
    }
  }

  private static int call(MemorySegment state, MemorySegment path, MemorySegment room) {
    try {
      return (int) CALL.invokeExact(state, path, room);
    } catch (Throwable e) {
      throw new IllegalStateException("statvfs is called with the wrong types", e);
    }
  }
}
