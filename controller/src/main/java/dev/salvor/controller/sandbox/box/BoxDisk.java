package dev.salvor.controller.sandbox.box;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One box's place on this machine: its private disk, and beside it what the box must not reach.
record BoxDisk(long id, Path home) {
  /// The only part that belongs to the box.
  Path disk() {
    return home.resolve("disk");
  }

  Path log() {
    return home.resolve("container.log");
  }

  Path file(String name) {
    return home.resolve(name);
  }

  void create() throws IOException {
    Files.createDirectories(disk());
    Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwx------"));
  }

  Optional<ProcessId> root() {
    try {
      return ProcessId.parse(Files.readString(file("pid")));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  boolean ready() {
    try {
      return Files.size(file("ready")) > 0;
    } catch (IOException e) {
      return false;
    }
  }

  /// Deletes everything without following a link.
  void delete() throws IOException {
    if (!Files.exists(home)) {
      return;
    }
    Files.walkFileTree(home, new Eraser());
  }

  /// Deletes bottom up, opening directories that the box has closed to itself.
  private static final class Eraser extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attrs)
        throws IOException {
      if (!Files.isWritable(dir) || !Files.isExecutable(dir)) {
        Files.setPosixFilePermissions(dir, PosixFilePermissions.fromString("rwx------"));
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attrs) throws IOException {
      Files.deleteIfExists(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
      if (!Files.isDirectory(file)) {
        throw e;
      }
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
      Files.walkFileTree(file, this);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path dir, @Nullable IOException e)
        throws IOException {
      if (e != null) {
        throw e;
      }
      Files.deleteIfExists(dir);
      return FileVisitResult.CONTINUE;
    }
  }
}
