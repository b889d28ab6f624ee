package dev.salvor.controller.tunnel;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// The way into one box: where its sshd is, who we are there, and whose host key we expect.
///
/// @param rental whose host key is pinned: the address may be somebody else's tomorrow
public record Door(String rental, Address at, Keys keys) {
  /// They become words of a command line.
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9:][A-Za-z0-9.:-]{0,252}");

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}");
  private static final int CONNECT_SECONDS = 10;

  /// A connection that nobody answers on is dead after three of these.
  private static final int ALIVE_SECONDS = 15;

  /// The fast cipher first: it moves twice the bytes of ssh's own first choice.
  private static final String CIPHERS =
      "aes128-gcm@openssh.com,aes256-gcm@openssh.com,chacha20-poly1305@openssh.com,aes128-ctr";

  public Door {
    if (!NAME.matcher(rental).matches()) {
      throw new IllegalArgumentException("Not the name of a rental: " + rental);
    }
  }

  /// Where its sshd is.
  ///
  /// @param direct straight at the machine; otherwise by the platform's proxy, which is slow
  public record Address(String host, int port, String user, boolean direct) {
    public Address {
      if (!HOST.matcher(host).matches() || port < 1 || port > 65_535) {
        throw new IllegalArgumentException("Not a host and port: " + host + ":" + port);
      }
      if (!NAME.matcher(user).matches()) {
        throw new IllegalArgumentException("Not a user: " + user);
      }
    }

    @Override
    public String toString() {
      return host.contains(":") ? "[" + host + "]:" + port : host + ":" + port;
    }
  }

  /// The keys to show, in this order, and the file that pins the box's own.
  public record Keys(List<Path> identities, Path knownHosts) {
    public Keys {
      identities = List.copyOf(identities);
      if (identities.isEmpty()) {
        throw new IllegalArgumentException("A door needs a key");
      }
    }
  }

  /// As `ssh://root@host:port`.
  public String url() {
    return "ssh://" + at.user() + "@" + at;
  }

  /// The words of the system's ssh up to the destination. No configuration of the user's but his
  /// agent: a Host block made for somebody else's box would lead elsewhere.
  ///
  /// @param asks whether a person is there to type a passphrase
  public List<String> ssh(boolean asks) {
    List<String> words = new ArrayList<>(List.of("ssh", "-F", "/dev/null", "-p", "" + at.port()));
    keys.identities().forEach(key -> option(words, "IdentityFile=\"" + escaped(key) + "\""));
    option(words, "IdentitiesOnly=yes");
    option(words, "BatchMode=" + (asks ? "no" : "yes"));
    option(words, "PasswordAuthentication=no");
    option(words, "ConnectTimeout=" + CONNECT_SECONDS);
    option(words, "ServerAliveInterval=" + ALIVE_SECONDS);
    option(words, "ServerAliveCountMax=3");
    option(words, "StrictHostKeyChecking=accept-new");
    option(words, "UserKnownHostsFile=\"" + escaped(keys.knownHosts()) + "\"");
    option(words, "GlobalKnownHostsFile=/dev/null");
    option(words, "HostKeyAlias=" + alias());
    option(words, "UpdateHostKeys=no");
    option(words, "Ciphers=" + CIPHERS);
    option(words, "LogLevel=ERROR");
    return words;
  }

  /// The name under which its host key is pinned.
  String alias() {
    return "salvor-" + rental;
  }

  /// Where ssh is to go.
  public String destination() {
    return at.user() + "@" + at.host();
  }

  /// The same as `ssh`, as one word for rsync's -e.
  String shell() {
    return String.join(
        " ", ssh(false).stream().map(word -> "'" + word.replace("'", "'\\''") + "'").toList());
  }

  /// As rsync names a far host, up to the colon.
  String rsyncHost() {
    String host = at.host().contains(":") ? "[" + at.host() + "]" : at.host();
    return at.user() + "@" + host;
  }

  private static void option(List<String> words, String option) {
    words.add("-o");
    words.add(option);
  }

  /// ssh expands percent signs in the names of files.
  private static String escaped(Path file) {
    return file.toString().replace("%", "%%");
  }
}
