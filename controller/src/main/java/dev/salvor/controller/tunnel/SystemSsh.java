package dev.salvor.controller.tunnel;

import dev.salvor.controller.tunnel.TunnelException.Kind;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// The ssh of this machine: 8 MB a connection, fast, and at home with the user's agent.
final class SystemSsh implements Ssh {
  /// What ssh itself ends with where the way is the trouble, and not the command.
  private static final int OF_SSH = 255;

  @Override
  public Said exec(Door door, String command, InputStream stdin, Duration patience)
      throws TunnelException {
    List<String> words = new ArrayList<>(door.ssh(false));
    words.addAll(List.of("-T", door.destination(), command));
    Said said;
    try {
      said = Talk.run(words, stdin, patience);
    } catch (TunnelException e) {
      throw new TunnelException(
          e.kind(),
          "Cannot run a command on instance %s at %s: %s"
              .formatted(door.rental(), door.at(), e.getMessage()),
          e);
    }
    if (said.status() == OF_SSH) {
      throw refusal(door, said.err());
    }
    return said;
  }

  @Override
  public Tunnel tunnel(Door door, String name, int local) throws TunnelException {
    return SystemTunnel.open(door, name, local);
  }

  /// What ssh said, in our words.
  static TunnelException refusal(Door door, String said) {
    if (said.contains("REMOTE HOST IDENTIFICATION HAS CHANGED")
        || said.contains("Host key verification failed")) {
      return changedHostKey(door);
    }
    String where = "Cannot reach instance %s by ssh at %s".formatted(door.rental(), door.at());
    if (said.contains("Permission denied")) {
      return new TunnelException(
          Kind.KEY_REFUSED,
          "%s: it takes none of the keys %s. Attach one of them to the instance, or name another with --ssh-key."
              .formatted(where, door.keys().identities()),
          null);
    }
    String why = said.isEmpty() ? "ssh ended without a word" : said;
    return new TunnelException(Kind.UNREACHABLE, "%s: %s".formatted(where, why), null);
  }

  static TunnelException changedHostKey(Door door) {
    Path pins = door.keys().knownHosts();
    return new TunnelException(
        Kind.HOST_KEY,
        ("Cannot reach instance %s by ssh at %s: it shows another host key than the one pinned at"
                + " the first contact. Somebody may sit in between, or the box was made anew. If"
                + " you know why, remove %s.")
            .formatted(door.rental(), door.at(), pins),
        null);
  }
}
