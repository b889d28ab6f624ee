package dev.salvor.agent.state;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/// The agent's directory on the box: whole files or none, readable by their owner only.
public final class HomeDir {
  private final Path root;

  public HomeDir(Path root) {
    this.root = root.toAbsolutePath().normalize();
  }

  public Path path(String name) {
    return root.resolve(name);
  }

  /// Makes a directory below, with those above it, 0700.
  public Path directory(String name) throws IOException {
    Path directory = root.resolve(name);
    var owner = PosixFilePermissions.fromString("rwx------");
    Files.createDirectories(directory, PosixFilePermissions.asFileAttribute(owner));
    Files.setPosixFilePermissions(directory, owner);
    return directory;
  }

  /// Replaces the file in one piece: temp, fsync, rename, fsync of the directory. 0600.
  public void write(String name, byte[] content) throws IOException {
    Path file = root.resolve(name);
    Path parent = file.getParent();
    directory(root.relativize(parent == null ? root : parent).toString());
    Path temp = file.resolveSibling(file.getFileName() + ".tmp");
    Files.deleteIfExists(temp);
    var owner = PosixFilePermissions.fromString("rw-------");
    Files.createFile(temp, PosixFilePermissions.asFileAttribute(owner));
    try (FileChannel channel = FileChannel.open(temp, StandardOpenOption.WRITE)) {
      ByteBuffer bytes = ByteBuffer.wrap(content);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    Files.move(temp, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    syncDirectory(parent == null ? root : parent);
  }

  public void write(String name, String text) throws IOException {
    write(name, text.getBytes(StandardCharsets.UTF_8));
  }

  /// Empty where there is no such file.
  public Optional<String> read(String name) throws IOException {
    try {
      return Optional.of(Files.readString(root.resolve(name)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  private static void syncDirectory(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
