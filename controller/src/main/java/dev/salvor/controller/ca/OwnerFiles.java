package dev.salvor.controller.ca;

import dev.salvor.common.disk.Durable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/// A directory only its owner may look into, whose files appear whole or not at all and survive a
/// power cut.
final class OwnerFiles {
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
    try {
      Durable.replace(path(name), content);
    } catch (IOException e) {
      throw unreadable("write", path(name), e);
    }
  }

  void delete(String name) throws CaException {
    try {
      Files.deleteIfExists(path(name));
      Durable.force(dir);
    } catch (IOException e) {
      throw unreadable("delete", path(name), e);
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
