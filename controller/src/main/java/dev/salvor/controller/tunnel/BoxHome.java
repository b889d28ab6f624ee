package dev.salvor.controller.tunnel;

import dev.salvor.common.unit.Sha256;
import dev.salvor.controller.tunnel.TunnelException.Kind;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;

/// The agent's home on a box, as far as it is written from outside: its bundle, and where it finds
/// its controller. Everything lands by another name and a rename.
public final class BoxHome {
  private static final Duration LOOK = Duration.ofSeconds(30);

  /// Tens of megabytes, over a line that may be slow.
  private static final Duration PUSH = Duration.ofMinutes(20);

  /// The agent's home is where the box's first process was told, and root's own otherwise.
  private static final String HOME =
      "h=$(tr '\\0' '\\n' 2>/dev/null </proc/1/environ | sed -n 's/^SALVOR_HOME=//p');"
          + " h=${h:-$HOME/.salvor}; umask 077; mkdir -p \"$h\" && chmod 700 \"$h\" || exit 1; ";

  /// Answers begin with this: a box's start-up files may print before.
  private static final String MARK = "salvor:";

  private final Ssh ssh;

  public BoxHome(Ssh ssh) {
    this.ssh = ssh;
  }

  /// What is there.
  ///
  /// @param machine its processor, in the words of `uname -m`
  /// @param bundled whether it has an agent to run, or one to unpack
  public record Look(String machine, boolean bundled) {}

  /// A file of the agent's home that is written from outside.
  public enum Paper {
    /// Where the link dials.
    ENDPOINTS("endpoints"),
    /// Where cargo dials: a way of its own, so that a copy never delays a beat.
    CARGO_ENDPOINTS("endpoints-cargo"),
    /// A new join token for a box that lost its key.
    JOIN_TOKEN("join-token"),
    /// Our start-up text, on a box that somebody else started.
    ONSTART("onstart.sh"),
    /// What sets its surroundings and runs it.
    START("start.sh");

    private final String file;

    Paper(String file) {
      this.file = file;
    }
  }

  /// Looks, and sees to it that no login of a script ends up in a terminal multiplexer.
  public Look look(Door door) throws TunnelException {
    String script =
        HOME
            + "touch ~/.no_auto_tmux; echo \"salvor:$(uname -m)\"; for b in \"$h/bundle\""
            + " /opt/salvor; do [ -f \"$b/agent.jar\" ] && [ -f \"$b/agent.sh\" ] && echo"
            + " salvor:bundled; done; [ -f \"$h/bundle.tgz\" ] && echo salvor:bundled; true";
    Ssh.Said said = done(door, "look for the agent", ssh.exec(door, script, LOOK));
    var words =
        said.out()
            .lines()
            .filter(l -> l.startsWith(MARK))
            .map(l -> l.substring(MARK.length()))
            .toList();
    if (words.isEmpty() || !words.getFirst().matches("[A-Za-z0-9_]{1,20}")) {
      throw failed(door, "look for the agent", "it answered \"" + said.err() + "\"");
    }
    return new Look(words.getFirst(), words.contains("bundled"));
  }

  /// Brings an archive there, proved by its digest.
  public void push(Door door, Path archive) throws TunnelException {
    String script =
        HOME
            + "t=$h/bundle.part; cat >\"$t\" && echo \"%s  $t\" | sha256sum -c --status && mv \"$t\" \"$h/bundle.tgz\" ||"
                .formatted(digest(archive))
            + " { rm -f \"$t\"; exit 1; }";
    try (InputStream bytes = Files.newInputStream(archive)) {
      done(door, "bring the agent", ssh.exec(door, script, bytes, PUSH));
    } catch (IOException e) {
      throw unreadable(archive, e);
    }
  }

  /// Replaces a paper.
  public void write(Door door, Paper paper, String text) throws TunnelException {
    String script = HOME + "f=$h/%s; cat >\"$f.new\" && mv \"$f.new\" \"$f\"".formatted(paper.file);
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    String what = "write " + paper.file;
    done(door, what, ssh.exec(door, script, new ByteArrayInputStream(bytes), LOOK));
  }

  /// Runs the start text now, and from the platform's own start-up text at each later boot.
  public void start(Door door) throws TunnelException {
    String script =
        HOME
            + "f=~/onstart.sh; l=\"[ -f '$h/start.sh' ] && bash '$h/start.sh'\";"
            + " grep -qsF \"$l\" \"$f\" || printf '\\n%s\\n' \"$l\" >>\"$f\";"
            + " bash \"$h/start.sh\" >/dev/null 2>&1 </dev/null";
    done(door, "start the agent", ssh.exec(door, script, LOOK));
  }

  /// Which key the box enrols with, by its digest; empty where it has none.
  public Optional<Sha256> joinKey(Door door) throws TunnelException {
    String script = HOME + "printf salvor:; tr -d '\\n' <\"$h/identity/join-key.pub\"; echo";
    Ssh.Said said = done(door, "read the box's key", ssh.exec(door, script, LOOK));
    String key =
        said.out()
            .lines()
            .filter(line -> line.startsWith(MARK))
            .map(line -> line.substring(MARK.length()).strip())
            .findFirst()
            .orElse("");
    try {
      return key.isEmpty()
          ? Optional.empty()
          : Optional.of(Sha256.of(Base64.getDecoder().decode(key)));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static Ssh.Said done(Door door, String what, Ssh.Said said) throws TunnelException {
    if (said.status() != 0) {
      throw failed(door, what, "it ended with %d, %s".formatted(said.status(), said.err()));
    }
    return said;
  }

  private static TunnelException failed(Door door, String what, String why) {
    return new TunnelException(
        Kind.FAILED,
        "Cannot %s on instance %s at %s: %s. Look there with 'salvor shell %s'."
            .formatted(what, door.rental(), door.at(), why, door.rental()),
        null);
  }

  private static Sha256 digest(Path archive) throws TunnelException {
    try (var bytes = new DigestInputStream(Files.newInputStream(archive), Sha256.newDigest())) {
      bytes.transferTo(OutputStream.nullOutputStream());
      return Sha256.fromBytes(bytes.getMessageDigest().digest());
    } catch (IOException e) {
      throw unreadable(archive, e);
    }
  }

  private static TunnelException unreadable(Path archive, IOException e) {
    return new TunnelException(
        Kind.LOCAL, "Cannot read the agent's bundle %s: %s".formatted(archive, e), e);
  }
}
