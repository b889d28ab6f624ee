package dev.salvor.controller.tunnel;

import dev.salvor.controller.tunnel.TunnelException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// Brings a directory of this machine onto a box over its ssh: by rsync, which goes on where it was
/// cut, or as one archive where either side has none. Nothing on the box is deleted.
public final class RsyncPush {
  private static final Duration LOOK = Duration.ofSeconds(30);
  private static final int STALL_SECONDS = 60;

  /// What the shell says of a program it does not find.
  private static final int NOT_FOUND = 127;

  private static final Pattern PLACE = Pattern.compile("/[A-Za-z0-9_.@%+=:,/-]*");

  private final Ssh ssh;

  public RsyncPush(Ssh ssh) {
    this.ssh = ssh;
  }

  /// What goes where.
  ///
  /// @param to an absolute directory on the box; made if it is not there
  /// @param excludes patterns as rsync and tar both know them, such as ".git"
  public record Load(Path from, String to, List<String> excludes) {
    public Load {
      excludes = List.copyOf(excludes);
      if (!PLACE.matcher(to).matches() || to.contains("/../") || to.endsWith("/..")) {
        throw new IllegalArgumentException("Not a plain absolute path on a box: " + to);
      }
    }
  }

  /// Returns when everything is there.
  public void push(Door door, Load load, Duration patience) throws TunnelException {
    String make = "mkdir -p '%s' && command -v rsync >/dev/null".formatted(load.to());
    boolean far = ssh.exec(door, make, LOOK).status() == 0;
    if (far && Programs.lacking("rsync", "ssh").isEmpty()) {
      rsync(door, load, patience);
    } else {
      archive(door, load, patience);
    }
  }

  private static void rsync(Door door, Load load, Duration patience) throws TunnelException {
    List<String> words = new ArrayList<>(List.of("rsync", "-rlptz", "--partial"));
    words.add("--timeout=" + STALL_SECONDS);
    load.excludes().forEach(pattern -> words.add("--exclude=" + pattern));
    words.addAll(List.of("-e", door.shell(), "--", load.from() + "/"));
    words.add(door.rsyncHost() + ":" + load.to() + "/");
    Ssh.Said said = Talk.run(words, InputStream.nullInputStream(), patience);
    if (said.status() != 0) {
      throw failed(door, load, "rsync ended with " + said.status() + ", " + said.err());
    }
  }

  private void archive(Door door, Load load, Duration patience) throws TunnelException {
    List<String> words = new ArrayList<>(List.of("tar", "-C", load.from().toString()));
    load.excludes().forEach(pattern -> words.add("--exclude=" + pattern));
    words.addAll(List.of("-czf", "-", "."));
    Process tar = Talk.started(words);
    try {
      tar.getOutputStream().close();
      String unpack = "tar -xzf - -C '%s'".formatted(load.to());
      Ssh.Said said = ssh.exec(door, unpack, tar.getInputStream(), patience);
      if (said.status() == NOT_FOUND) {
        throw failed(door, load, "the box has neither rsync nor tar. Install one of them");
      }
      if (said.status() != 0 || tar.waitFor() != 0) {
        throw failed(door, load, "tar ended with " + said.status() + ", " + said.err());
      }
    } catch (IOException e) {
      throw failed(door, load, e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failed(door, load, "it was interrupted");
    } finally {
      tar.destroyForcibly();
    }
  }

  private static TunnelException failed(Door door, Load load, String why) {
    return new TunnelException(
        Kind.FAILED,
        "Cannot bring %s to %s on instance %s: %s."
            .formatted(load.from(), load.to(), door.rental(), why),
        null);
  }
}
