package dev.salvor.controller.tunnel;

import dev.salvor.controller.tunnel.TunnelException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.channel.ChannelExec;
import org.apache.sshd.client.channel.ClientChannelEvent;
import org.apache.sshd.client.config.hosts.HostConfigEntryResolver;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.AttributeRepository;
import org.apache.sshd.common.NamedFactory;
import org.apache.sshd.common.cipher.BuiltinCiphers;
import org.apache.sshd.common.cipher.Cipher;
import org.apache.sshd.common.keyprovider.KeyIdentityProvider;
import org.apache.sshd.common.util.net.SshdSocketAddress;
import org.apache.sshd.core.CoreModuleProperties;

/// ssh in this process, by Apache MINA SSHD: for machines that have none of their own.
final class MinaSsh implements Ssh {
  /// One client for all: it holds threads, and has no state but its connections.
  static final MinaSsh SHARED = new MinaSsh();

  static final AttributeRepository.AttributeKey<Visit> VISIT =
      new AttributeRepository.AttributeKey<>();

  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final Duration LOGIN = Duration.ofSeconds(20);
  private static final Duration ALIVE = Duration.ofSeconds(15);

  /// Eight times the usual one: a channel sends no more than its window in a round trip.
  private static final long WINDOW = 16L << 20;

  private static final List<NamedFactory<Cipher>> CIPHERS =
      List.of(
          BuiltinCiphers.aes128gcm,
          BuiltinCiphers.aes256gcm,
          BuiltinCiphers.cc20p1305_openssh,
          BuiltinCiphers.aes128ctr);

  private final SshClient client = SshClient.setUpDefaultClient();
  private boolean started;

  private MinaSsh() {}

  /// One connection: where to, and whether it showed a wrong host key.
  record Visit(Door door, AtomicBoolean wrongHost) {}

  @Override
  public Said exec(Door door, String command, InputStream stdin, Duration patience)
      throws TunnelException {
    Kept out = Kept.beginning(MAX_OUT);
    Kept err = Kept.end(Talk.MAX_ERR);
    try (stdin;
        ClientSession session = session(door);
        ChannelExec channel = session.createExecChannel(command)) {
      channel.setIn(stdin);
      channel.setOut(out);
      channel.setErr(err);
      channel.open().verify(LOGIN);
      Set<ClientChannelEvent> events =
          channel.waitFor(EnumSet.of(ClientChannelEvent.CLOSED), patience);
      Integer status = channel.getExitStatus();
      if (events.contains(ClientChannelEvent.TIMEOUT)) {
        throw unreachable(
            door, "the command did not end within %d s".formatted(patience.toSeconds()));
      }
      if (status == null) {
        throw unreachable(door, "the connection broke. " + err.line());
      }
      return new Said(status, out.text(), err.line());
    } catch (IOException e) {
      throw unreachable(door, String.valueOf(e.getMessage()));
    }
  }

  @Override
  public Tunnel tunnel(Door door, String name, int local) throws TunnelException {
    ClientSession session = session(door);
    try {
      SshdSocketAddress there =
          session.startRemotePortForwarding(
              new SshdSocketAddress("127.0.0.1", 0),
              new SshdSocketAddress(InetAddress.getLoopbackAddress().getHostAddress(), local));
      return new MinaTunnel(session, there.getPort());
    } catch (IOException e) {
      session.close(true);
      throw unreachable(door, "it opens no port for a tunnel: " + e.getMessage());
    }
  }

  private ClientSession session(Door door) throws TunnelException {
    start();
    Visit visit = new Visit(door, new AtomicBoolean());
    AttributeRepository context = AttributeRepository.ofKeyValuePair(VISIT, visit);
    ClientSession session;
    Door.Address at = door.at();
    try {
      session =
          client
              .connect(at.user(), at.host(), at.port(), context, null)
              .verify(CONNECT)
              .getSession();
    } catch (IOException e) {
      throw unreachable(door, String.valueOf(e.getMessage()));
    }
    try {
      MinaKey.read(door.keys().identities()).forEach(session::addPublicKeyIdentity);
      session.auth().verify(LOGIN);
      return session;
    } catch (IOException e) {
      session.close(true);
      if (visit.wrongHost().get()) {
        throw SystemSsh.changedHostKey(door);
      }
      String why = String.valueOf(e.getMessage());
      throw why.contains("No more authentication methods")
          ? SystemSsh.refusal(door, "Permission denied")
          : unreachable(door, why);
    }
  }

  private synchronized void start() {
    if (started) {
      return;
    }
    client.setHostConfigEntryResolver(HostConfigEntryResolver.EMPTY);
    client.setKeyIdentityProvider(KeyIdentityProvider.EMPTY_KEYS_PROVIDER);
    client.setServerKeyVerifier(new MinaPins());
    client.setCipherFactories(CIPHERS);
    client.setForwardingFilter(new MinaTunnel.OursOnly());
    CoreModuleProperties.WINDOW_SIZE.set(client, WINDOW);
    CoreModuleProperties.HEARTBEAT_INTERVAL.set(client, ALIVE);
    CoreModuleProperties.HEARTBEAT_NO_REPLY_MAX.set(client, 3);
    CoreModuleProperties.IDLE_TIMEOUT.set(client, Duration.ZERO);
    client.start();
    started = true;
  }

  private static TunnelException unreachable(Door door, String why) {
    return new TunnelException(
        Kind.UNREACHABLE,
        "Cannot reach instance %s by ssh at %s: %s".formatted(door.rental(), door.at(), why),
        null);
  }
}
