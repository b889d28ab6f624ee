package dev.salvor.controller.tunnel;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/// Fetches a directory from the platform's rsync daemon, which is reached through ssh. Regular
/// files and directories only: a box's links and devices stay there. Done twice, only the
/// difference is fetched.
public final class RsyncPull {
  private static final Duration PATIENCE = Duration.ofMinutes(25);
  private static final int STALL_SECONDS = 60;

  /// rsync: some files vanished before they could be transferred, or could not be read.
  private static final int NO_SUCH_PATH = 23;

  private final SshKey key;

  public RsyncPull(SshKey key) {
    this.key = key;
  }

  /// The daemon's side.
  ///
  /// @param rental names the file that pins the host
  /// @param module what follows "::" on rsync's command line
  public record Remote(String rental, String user, String host, int port, String module) {}

  /// How it went.
  public sealed interface Pulled {
    /// Everything there is under that path is here.
    record Whole() implements Pulled {}

    /// There is no such path over there.
    record Nothing() implements Pulled {}
  }

  /// Fetches what lies under the remote path into an existing directory.
  public Pulled pull(Remote from, Path into) throws TunnelException {
    try {
      Files.createDirectories(into);
    } catch (IOException e) {
      throw new TunnelException("Cannot write to " + into + ": " + e, e);
    }
    Ssh.Said ended = Talk.run(command(from, into), InputStream.nullInputStream(), PATIENCE);
    if (ended.status() == 0) {
      return new Pulled.Whole();
    }
    if (ended.status() == NO_SUCH_PATH
        && ended.err().contains("No such file or directory")
        && isEmpty(into)) {
      return new Pulled.Nothing();
    }
    throw new TunnelException(
        "Cannot fetch %s from %s:%d: rsync ended with %d, %s"
            .formatted(from.module(), from.host(), from.port(), ended.status(), ended.err()),
        null);
  }

  private static boolean isEmpty(Path directory) {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.findAny().isEmpty();
    } catch (IOException e) {
      return false;
    }
  }

  private List<String> command(Remote from, Path into) {
    // The machine's own sshd, which is another than the box's.
    Door door =
        new Door(
            from.rental() + "-disk",
            new Door.Address(from.host(), from.port(), from.user(), true),
            new Door.Keys(List.of(key.identity()), key.knownHosts(from.rental())));
    return List.of(
        "rsync",
        "-rt",
        "--no-links",
        "--no-devices",
        "--no-specials",
        "--partial",
        "--delete",
        "--timeout=" + STALL_SECONDS,
        "-e",
        door.shell(),
        door.rsyncHost() + "::" + from.module(),
        into + "/");
  }
}
