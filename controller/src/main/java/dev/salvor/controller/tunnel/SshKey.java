package dev.salvor.controller.tunnel;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/// The controller's own ssh key: made once, never leaves the state directory.
public final class SshKey {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Set<PosixFilePermission> OWNER_ONLY =
      Set.of(
          PosixFilePermission.OWNER_READ,
          PosixFilePermission.OWNER_WRITE,
          PosixFilePermission.OWNER_EXECUTE);

  private final Path identity;

  private SshKey(Path identity) {
    this.identity = identity;
  }

  /// The key of a state directory; made if it is not there yet.
  public static synchronized SshKey of(Path stateDir) throws TunnelException {
    Path dir = stateDir.resolve("ssh");
    Path identity = dir.resolve("id_ed25519");
    try {
      Files.createDirectories(dir);
      Files.setPosixFilePermissions(dir, OWNER_ONLY);
    } catch (IOException e) {
      throw new TunnelException(
          "Cannot keep an ssh key in " + dir + ": " + e + ". Check the state directory.", e);
    }
    if (!Files.exists(identity)) {
      make(identity);
    }
    return new SshKey(identity);
  }

  private static void make(Path identity) throws TunnelException {
    if (Programs.lacking("ssh-keygen").isPresent()) {
      MinaKey.make(identity);
      return;
    }
    List<String> command =
        List.of(
            "ssh-keygen",
            "-q",
            "-t",
            "ed25519",
            "-N",
            "",
            "-C",
            "salvor",
            "-f",
            identity.toString());
    Ssh.Said ended = Talk.run(command, InputStream.nullInputStream(), PATIENCE);
    if (ended.status() != 0) {
      throw new TunnelException("Cannot make an ssh key: ssh-keygen said " + ended.err(), null);
    }
  }

  public Path identity() {
    return identity;
  }

  /// Pins of the hosts spoken to, one file for each rental.
  public Path knownHosts(String rental) {
    return identity.resolveSibling("known_hosts-" + rental);
  }

  /// The line that goes into authorized_keys.
  public String publicKey() throws TunnelException {
    try {
      return Files.readString(
              identity.resolveSibling(identity.getFileName() + ".pub"), StandardCharsets.UTF_8)
          .strip();
    } catch (IOException e) {
      throw new TunnelException("Cannot read the public ssh key: " + e, e);
    }
  }
}
