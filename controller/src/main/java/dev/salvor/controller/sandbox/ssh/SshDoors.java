package dev.salvor.controller.sandbox.ssh;

import dev.salvor.controller.sandbox.box.Boxes;
import dev.salvor.controller.sandbox.market.KeyRing;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.sshd.common.AttributeRepository;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.session.SessionContext;
import org.apache.sshd.common.util.net.SshdSocketAddress;
import org.apache.sshd.server.ServerBuilder;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.auth.pubkey.UserAuthPublicKeyFactory;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;
import org.apache.sshd.server.forward.RejectAllForwardingFilter;
import org.apache.sshd.server.keyprovider.SimpleGeneratorHostKeyProvider;
import org.apache.sshd.server.session.ServerSession;

/// One ssh server with many doors: a port for each running box, where `root` enters it, and one for
/// the host, where `vastai_kaalia` reads disks by rsync. Keys only.
public final class SshDoors implements AutoCloseable {
  private static final String COPY_USER = "vastai_kaalia";
  private static final String COPY_COMMAND = "rsync --server --daemon .";
  private static final List<String> SFTP =
      List.of("/usr/lib/openssh/sftp-server", "/usr/libexec/openssh/sftp-server");

  /// The key offered last, which at the end of the log-in is the one that was proved.
  private static final AttributeRepository.AttributeKey<PublicKey> KEY =
      new AttributeRepository.AttributeKey<>();

  private final Boxes boxes;
  private final KeyRing keys;
  private final DoorServer server;
  private final Map<Integer, Long> boxByPort = new ConcurrentHashMap<>();

  private SshDoors(Boxes boxes, KeyRing keys) {
    this.boxes = boxes;
    this.keys = keys;
    this.server = (DoorServer) ServerBuilder.builder().factory(DoorServer::new).build();
  }

  /// Starts the server; the host's door is on a free port.
  public static SshDoors open(Path hostKey, Boxes boxes, KeyRing keys) throws IOException {
    var doors = new SshDoors(boxes, keys);
    doors.start(hostKey);
    return doors;
  }

  /// Where disks are read, whether their boxes run or not.
  public int copyPort() {
    return server.getPort();
  }

  /// Opens a door into a box, on the wanted port where that is free.
  public int open(long box, int wanted) throws IOException {
    int port = server.bind(wanted);
    boxByPort.put(port, box);
    return port;
  }

  /// Shuts every door of a box and throws out who is in.
  public void shut(long box) {
    for (var door : List.copyOf(boxByPort.entrySet())) {
      if (door.getValue() == box) {
        server.unbind(door.getKey());
        boxByPort.remove(door.getKey());
        server.getActiveSessions().stream()
            .filter(session -> port(session) == door.getKey())
            .forEach(session -> session.close(true));
      }
    }
  }

  @Override
  public void close() throws IOException {
    server.stop(true);
  }

  private void start(Path hostKey) throws IOException {
    server.setHost(InetAddress.getLoopbackAddress().getHostAddress());
    var provider = new SimpleGeneratorHostKeyProvider(hostKey);
    provider.setAlgorithm("EC");
    provider.setKeySize(256);
    server.setKeyPairProvider(provider);
    server.setUserAuthFactories(List.of(UserAuthPublicKeyFactory.INSTANCE));
    server.setPublickeyAuthenticator(this::mayEnter);
    server.setCommandFactory(this::command);
    server.setShellFactory(channel -> inBox(channel, List.of("bash", "-l"), "bash -l"));
    server.setSubsystemFactories(
        SFTP.stream()
            .filter(program -> Path.of(program).toFile().canExecute())
            .limit(1)
            .map(program -> new SftpInBox(channel -> inBox(channel, List.of(program), program)))
            .toList());
    server.setForwardingFilter(new LoopbackOnly());
    server.start();
  }

  private boolean mayEnter(String user, PublicKey key, ServerSession session) {
    Set<Long> opens = keys.opens(PublicKeyEntry.toString(key));
    Optional<Long> box = box(session);
    session.setAttribute(KEY, key);
    return switch (user) {
      case "root" -> box.filter(opens::contains).isPresent();
      case COPY_USER -> box.map(opens::contains).orElse(!opens.isEmpty());
      default -> false;
    };
  }

  private Command command(ChannelSession channel, String line) {
    ServerSession session = channel.getServerSession();
    if (!session.getUsername().equals(COPY_USER)) {
      return inBox(channel, List.of("bash", "-c", line), line);
    }
    if (!line.equals(COPY_COMMAND)) {
      return BoxCommand.refused("only " + COPY_COMMAND + " is served to " + COPY_USER);
    }
    PublicKey key = session.getAttribute(KEY);
    return new BoxCommand(() -> boxes.serve(keys.opens(PublicKeyEntry.toString(key))));
  }

  /// @param line the same as one line for a shell, where a terminal was asked for
  private Command inBox(ChannelSession channel, List<String> plain, String line) {
    ServerSession session = channel.getServerSession();
    List<String> inner =
        Terminal.of(channel.getEnvironment()).map(tty -> tty.around(line)).orElse(plain);
    Optional<Long> box = box(session);
    return box.isEmpty() || session.getUsername().equals(COPY_USER)
        ? BoxCommand.refused("no box behind this port")
        : new BoxCommand(
            () -> boxes.enter(box.get(), inner).orElseThrow(() -> BoxCommand.down(box.get())));
  }

  private Optional<Long> box(Session session) {
    return Optional.ofNullable(boxByPort.get(port(session)));
  }

  private static int port(SessionContext session) {
    return session.getLocalAddress() instanceof InetSocketAddress address ? address.getPort() : -1;
  }

  /// Tunnels both ways, but nowhere beyond this machine.
  private static final class LoopbackOnly extends RejectAllForwardingFilter {
    @Override
    public boolean canListen(SshdSocketAddress address, Session session) {
      return SshdSocketAddress.isLoopback(address.getHostName());
    }

    @Override
    public boolean canConnect(Type type, SshdSocketAddress address, Session session) {
      return SshdSocketAddress.isLoopback(address.getHostName());
    }
  }

  /// The stock server, able to listen on more ports while it runs.
  private static final class DoorServer extends SshServer {
    private static final int TRIES = 20;

    private int bind(int wanted) throws IOException {
      IOException last = new IOException("no free port");
      for (int i = 0; i < TRIES; i++) {
        int port = i == 0 && wanted > 0 ? wanted : freePort();
        try {
          acceptor.bind(List.<SocketAddress>of(address(port)));
          return port;
        } catch (IOException e) {
          last = e;
        }
      }
      throw last;
    }

    private void unbind(int port) {
      acceptor.unbind(address(port));
    }

    private static InetSocketAddress address(int port) {
      return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    private static int freePort() throws IOException {
      try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        return socket.getLocalPort();
      }
    }
  }
}
