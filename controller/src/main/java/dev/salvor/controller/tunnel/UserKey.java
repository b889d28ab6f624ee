package dev.salvor.controller.tunnel;

import dev.salvor.controller.tunnel.TunnelException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// The user's own ssh key: the one he names, or the first of those that ssh itself looks for.
///
/// @param identity the private half
/// @param publicKey its line for authorized_keys: type, key and comment
public record UserKey(Path identity, String publicKey) {
  private static final List<String> USUAL = List.of("id_ed25519", "id_rsa", "id_ecdsa");

  /// Without its first word a key is a line of noise to sshd, which then asks for a password.
  private static final Pattern WHOLE =
      Pattern.compile(
          "(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(?:256|384|521)|sk-[a-z0-9-]+@openssh\\.com)"
              + " [A-Za-z0-9+/]{40,}={0,3}( .*)?");

  private static final long MAX_BYTES = 64 << 10;

  /// The one that is named; it must be whole.
  public static UserKey named(Path identity) throws TunnelException {
    if (identity.getFileName().toString().endsWith(".pub")) {
      String name = identity.getFileName().toString();
      return named(identity.resolveSibling(name.substring(0, name.length() - 4)));
    }
    if (!Files.isReadable(identity)) {
      throw refused(identity, "it cannot be read");
    }
    return read(identity);
  }

  /// The first that is there and whole; none is no fault.
  public static Optional<UserKey> usual(Path home) {
    for (String name : USUAL) {
      Path identity = home.resolve(".ssh").resolve(name);
      if (Files.isReadable(identity)) {
        try {
          return Optional.of(read(identity));
        } catch (TunnelException _) {
          // The next one may do; who names this one is told.
        }
      }
    }
    return Optional.empty();
  }

  private static UserKey read(Path identity) throws TunnelException {
    Path file = identity.resolveSibling(identity.getFileName() + ".pub");
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw refused(identity, file + " is no public key: it is too long");
      }
      String line = Files.readString(file).strip();
      if (!WHOLE.matcher(line).matches()) {
        throw refused(
            identity,
            file
                + " is no whole public key: it must be one line that begins with its type, such as"
                + " ssh-ed25519");
      }
      boolean comment = line.split(" ", 3).length == 3;
      return new UserKey(identity, comment ? line : line + " salvor");
    } catch (IOException e) {
      throw refused(identity, "its public half " + file + " cannot be read");
    }
  }

  private static TunnelException refused(Path identity, String why) {
    return new TunnelException(
        Kind.LOCAL,
        "Cannot use the ssh key %s: %s. Name another with --ssh-key, or make one with ssh-keygen."
            .formatted(identity, why),
        null);
  }
}
