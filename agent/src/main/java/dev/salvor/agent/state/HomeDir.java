package dev.salvor.agent.state;

import dev.salvor.common.disk.Ballast;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/// The agent's directory on the box: whole files or none, readable by their owner only.
public final class HomeDir {
  private final Path root;
  private final Ballast ballast;

  public HomeDir(Path root) {
    this.root = root.toAbsolutePath().normalize();
    this.ballast = new Ballast(this.root.resolve("ballast"));
  }

  /// What this agent holds of its disk's room.
  public Ballast ballast() {
    return ballast;
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

  /// Replaces the file in one piece and durably, on a disk without inodes too. 0600.
  public void write(String name, byte[] content) throws IOException {
    Path file = root.resolve(name);
    Path parent = file.getParent();
    directory(root.relativize(parent == null ? root : parent).toString());
    ballast.replace(file, content);
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
}
