package dev.salvor.controller.desk;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;

/// A directory that one controller keeps everything in, and where its parts lie.
public record StateDir(Path root) {
  /// Enough to start a journal and a log; found missing now rather than in the middle of a copy.
  private static final int PROBE_BYTES = 256 * 1024;

  public StateDir {
    root = root.toAbsolutePath().normalize();
  }

  /// Where it is unless the user says otherwise: $SALVOR_STATE_DIR, else $XDG_STATE_HOME/salvor,
  /// else ~/.local/state/salvor.
  public static Path usual(Map<String, String> env, String home) {
    String own = env.getOrDefault("SALVOR_STATE_DIR", "");
    if (!own.isEmpty()) {
      return Path.of(own);
    }
    String xdg = env.getOrDefault("XDG_STATE_HOME", "");
    return xdg.isEmpty()
        ? Path.of(home, ".local", "state", "salvor")
        : Path.of(xdg).resolve("salvor");
  }

  public Path lock() {
    return root.resolve("controller.lock");
  }

  public Path socket() {
    return root.resolve("controller.sock");
  }

  public Path log() {
    return root.resolve("controller.log");
  }

  public Path market() {
    return root.resolve("market");
  }

  public Path marketLog() {
    return root.resolve("market.log");
  }

  public Path marketPid() {
    return root.resolve("market.pid");
  }

  /// The account's key at the demo's market.
  public Path marketKey() {
    return root.resolve("market.key");
  }

  /// The account's key at the platform that the controller works with.
  public Path accountKey() {
    return root.resolve("account.key");
  }

  /// Which platform the controller that was started last works with.
  public Path platform() {
    return root.resolve("platform");
  }

  /// What boxes are handed: the agent and the examples.
  public Path bundle() {
    return root.resolve("bundle");
  }

  /// Makes it, for the owner only, and proves that it can be written.
  public void prepare() throws DeskException {
    try {
      Files.createDirectories(root);
      if (!Files.isDirectory(root)) {
        throw refused("it is not a directory");
      }
      if (!Files.isReadable(root) || !Files.isWritable(root) || !Files.isExecutable(root)) {
        throw refused("this user may not read and write it");
      }
      closeToOthers(root);
      prove();
    } catch (FileAlreadyExistsException e) {
      throw refused(e.getFile() + " is a file");
    } catch (AccessDeniedException e) {
      throw refused("access to " + e.getFile() + " is denied");
    } catch (IOException e) {
      throw refused(reason(e));
    }
  }

  /// Owner only.
  public static void closeToOthers(Path path) throws IOException {
    String rights = Files.isDirectory(path) ? "rwx------" : "rw-------";
    if (path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(rights));
    }
  }

  private void prove() throws IOException {
    Path probe = Files.createTempFile(root, ".probe", "");
    try {
      Files.write(probe, new byte[PROBE_BYTES]);
    } finally {
      Files.deleteIfExists(probe);
    }
  }

  private DeskException refused(String why) {
    return new DeskException(
        DeskException.Kind.ENVIRONMENT,
        "Cannot keep state in %s: %s. Make room or rights there, or name another place with --state-dir."
            .formatted(root, why));
  }

  private static String reason(IOException e) {
    return e instanceof FileSystemException named && named.getReason() != null
        ? named.getReason()
        : String.valueOf(e.getMessage());
  }
}
