package dev.salvor.controller.tunnel;

import java.io.IOException;
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
    Path log = into.resolveSibling(into.getFileName() + ".rsync.log");
    try {
      Files.createDirectories(into);
    } catch (IOException e) {
      throw new TunnelException("Cannot write to " + into + ": " + e, e);
    }
    Command.Ended ended = Command.run(command(from, into), log, PATIENCE);
    if (ended.status() == 0) {
      return new Pulled.Whole();
    }
    if (ended.status() == NO_SUCH_PATH
        && ended.tail().contains("No such file or directory")
        && isEmpty(into)) {
      return new Pulled.Nothing();
    }
    throw new TunnelException(
        "Cannot fetch %s from %s:%d: rsync ended with %d, %s"
            .formatted(from.module(), from.host(), from.port(), ended.status(), ended.tail()),
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
        ssh(from),
        from.user() + "@" + from.host() + "::" + from.module(),
        into + "/");
  }

  /// One word list for rsync's -e; no value in it comes from a box but host and port, which were
  /// parsed.
  private String ssh(Remote from) {
    return String.join(
        " ",
        "ssh",
        "-p " + from.port(),
        "-i '" + key.identity() + "'",
        "-o IdentitiesOnly=yes",
        "-o BatchMode=yes",
        "-o ConnectTimeout=10",
        "-o StrictHostKeyChecking=accept-new",
        "-o UserKnownHostsFile='" + key.knownHosts(from.rental()) + "'",
        "-o LogLevel=ERROR");
  }
}
