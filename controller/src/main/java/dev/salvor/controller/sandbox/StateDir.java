package dev.salvor.controller.sandbox;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/// The sandbox's directory, held by one sandbox at a time; says in a file where that one answers.
final class StateDir implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path path;
  private final FileChannel lockFile;

  private StateDir(Path path, FileChannel lockFile) {
    this.path = path;
    this.lockFile = lockFile;
  }

  static StateDir open(Path given) throws SandboxException {
    Path path = given.toAbsolutePath().normalize();
    try {
      Files.createDirectories(path);
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx------"));
      var channel =
          FileChannel.open(
              path.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (!lock(channel)) {
        channel.close();
        throw new SandboxException(
            SandboxException.Kind.STATE_IN_USE,
            "Cannot open the sandbox in "
                + path
                + ": another one runs there. Stop it, or name another directory");
      }
      return new StateDir(path, channel);
    } catch (IOException e) {
      throw new SandboxException(
          SandboxException.Kind.STATE_UNREADABLE,
          "Cannot use " + path + " as the sandbox's directory. Check its rights, or name another",
          e);
    }
  }

  private static boolean lock(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  Path path() {
    return path;
  }

  /// The port of the sandbox that was here before; 0 where there was none.
  int lastPort() {
    try {
      var endpoint = JSON.readTree(path.resolve("endpoint.json").toFile());
      return Math.max(0, URI.create(endpoint.path("url").asText()).getPort());
    } catch (IOException | IllegalArgumentException e) {
      return 0;
    }
  }

  static ObjectNode endpoint(String url, String apiKey) {
    return JsonNodeFactory.instance.objectNode().put("url", url).put("api_key", apiKey);
  }

  void publish(ObjectNode endpoint) throws IOException {
    Path next = path.resolve("endpoint.json.next");
    Files.deleteIfExists(next);
    Files.createFile(
        next, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(next, endpoint + "\n");
    Files.move(
        next,
        path.resolve("endpoint.json"),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  @Override
  public void close() throws IOException {
    lockFile.close();
  }
}
