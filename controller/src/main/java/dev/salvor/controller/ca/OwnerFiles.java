package dev.salvor.controller.ca;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/// A directory only its owner may look into, whose files appear whole or not at all and survive a
/// power cut.
final class OwnerFiles {
  /// What a file is called while it is being written.
  static final String UNFINISHED = ".tmp";

  private final Path dir;

  private OwnerFiles(Path dir) {
    this.dir = dir;
  }

  static OwnerFiles at(Path dir) throws CaException {
    try {
      Files.createDirectories(dir, mode("rwx------"));
      return new OwnerFiles(dir);
    } catch (IOException e) {
      throw unreadable("open", dir, e);
    }
  }

  Path path(String name) {
    return dir.resolve(name);
  }

  boolean has(String name) {
    return Files.exists(path(name));
  }

  byte[] read(String name) throws CaException {
    try {
      return Files.readAllBytes(path(name));
    } catch (IOException e) {
      throw unreadable("read", path(name), e);
    }
  }

  void write(String name, byte[] content) throws CaException {
    Path unfinished = path(name + UNFINISHED);
    try {
      Files.deleteIfExists(unfinished);
      Set<StandardOpenOption> options =
          Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      try (FileChannel file = FileChannel.open(unfinished, options, mode("rw-------"))) {
        ByteBuffer rest = ByteBuffer.wrap(content);
        while (rest.hasRemaining()) {
          file.write(rest);
        }
        file.force(true);
      }
      Files.move(unfinished, path(name), StandardCopyOption.ATOMIC_MOVE);
      syncDirectory();
    } catch (IOException e) {
      throw unreadable("write", path(name), e);
    }
  }

  void delete(String name) throws CaException {
    try {
      Files.deleteIfExists(path(name));
      syncDirectory();
    } catch (IOException e) {
      throw unreadable("delete", path(name), e);
    }
  }

  /// Makes a rename or a deletion itself survive a power cut.
  private void syncDirectory() throws IOException {
    try (FileChannel opened = FileChannel.open(dir, StandardOpenOption.READ)) {
      opened.force(true);
    }
  }

  static CaException unreadable(String verb, Path path, IOException e) {
    return new CaException(
        CaException.Kind.UNREADABLE,
        ("Cannot %s %s: %s. Make the directory readable and writable for you and see that its disk"
                + " has room.")
            .formatted(verb, path, e),
        e);
  }

  private static FileAttribute<?> mode(String rwx) {
    return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(rwx));
  }
}
