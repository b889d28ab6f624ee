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

/// The C library's statfs(2): Java has no word for inodes, and asks a table of mounts for the kind
/// of a file system.
@SuppressWarnings("restricted")
public final class Statfs {
  // struct statfs of 64-bit Linux (glibc and musl, x86_64 and aarch64): 120 bytes.
  private static final long STRUCT_BYTES = 120;
  private static final long TYPE = 0;
  private static final long BLOCK = 8;
  private static final long BLOCKS = 16;
  private static final long BLOCKS_AVAILABLE = 32;
  private static final long FILES = 40;
  private static final long FILES_FREE = 48;
  private static final long FILESYSTEM = 56;
  private static final long FRAGMENT = 72;

  // Of linux/magic.h.
  private static final long TMPFS = 0x01021994L;
  private static final long RAMFS = 0x858458f6L;
  private static final long OVERLAY = 0x794c7630L;
  private static final long UINT = 0xffffffffL;

  private static final StructLayout STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
  private static final MethodHandle CALL =
      Linker.nativeLinker()
          .downcallHandle(
              Linker.nativeLinker().defaultLookup().findOrThrow("statfs"),
              FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS),
              Linker.Option.captureCallState("errno"));

  private Statfs() {}

  /// What a file system is to a job.
  public enum Kind {
    /// On a disk, or as good as.
    DISK,
    /// The container's own layer over its image: its bytes are those of the disk below.
    OVERLAY,
    /// In memory: it counts against the container's memory, and is gone at a stop.
    MEMORY
  }

  /// A file system's room. Inodes are 0 where it does not count them.
  public record Room(
      long totalBytes, long freeBytes, long inodes, long freeInodes, long fileSystem, Kind kind) {
    /// Whether both are one and the same: a container's layer is the disk that it lies on, under
    /// another number where the kernel is newer.
    public boolean isSame(Room other) {
      boolean numbered = fileSystem != 0 && other.fileSystem != 0;
      if (numbered && fileSystem == other.fileSystem) {
        return true;
      }
      boolean layer = kind == Kind.OVERLAY || other.kind == Kind.OVERLAY;
      boolean memory = kind == Kind.MEMORY || other.kind == Kind.MEMORY;
      boolean like =
          totalBytes == other.totalBytes
              && inodes == other.inodes
              && Math.abs(freeBytes - other.freeBytes) <= totalBytes / CLOSE;
      return like && !memory && (layer || !numbered);
    }

    /// One is asked after the other, and somebody writes meanwhile.
    private static final long CLOSE = 1_000;
  }

  /// The room of the file system that a path is on.
  @FunctionalInterface
  public interface Rooms {
    Room of(Path path) throws IOException;
  }

  public static Room of(Path path) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(STATE);
      MemorySegment room = arena.allocate(STRUCT_BYTES, Long.BYTES);
      if (call(state, arena.allocateFrom(path.toString()), room) != 0) {
        int errno = (int) ERRNO.get(state, 0L);
        throw new IOException("statfs %s failed with errno %d".formatted(path, errno));
      }
      long fragment = room.get(JAVA_LONG, FRAGMENT);
      long unit = fragment > 0 ? fragment : room.get(JAVA_LONG, BLOCK);
      return new Room(
          room.get(JAVA_LONG, BLOCKS) * unit,
          room.get(JAVA_LONG, BLOCKS_AVAILABLE) * unit,
          room.get(JAVA_LONG, FILES),
          room.get(JAVA_LONG, FILES_FREE),
          room.get(JAVA_LONG, FILESYSTEM),
          kind(room.get(JAVA_LONG, TYPE) & UINT));
    }
  }

  private static Kind kind(long type) {
    if (type == TMPFS || type == RAMFS) {
      return Kind.MEMORY;
    }
    return type == OVERLAY ? Kind.OVERLAY : Kind.DISK;
  }

  private static int call(MemorySegment state, MemorySegment path, MemorySegment room) {
    try {
      return (int) CALL.invokeExact(state, path, room);
    } catch (Throwable e) {
      throw new IllegalStateException("statfs is called with the wrong types", e);
    }
  }
}
