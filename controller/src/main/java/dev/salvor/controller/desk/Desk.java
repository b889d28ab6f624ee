package dev.salvor.controller.desk;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// The one controller of a state directory, where its user's verbs find it.
public final class Desk implements AutoCloseable {
  /// A path longer than this does not fit into every system's socket address (104 on macOS).
  static final int MAX_SOCKET_PATH_BYTES = 100;

  /// More callers at once than a person has terminals; bounds threads and memory.
  static final int MAX_CALLERS = 64;

  private static final long TICK_MS = 250;

  private final StateDir dir;
  private final Path socket;
  private final ServerSocketChannel server;
  private final Clerk clerk;
  private final Bridge bridge;
  private final Set<Conversation> callers = ConcurrentHashMap.newKeySet();
  private final CountDownLatch unneeded = new CountDownLatch(1);

  private Desk(StateDir dir, Path socket, ServerSocketChannel server, Bridge bridge) {
    this.dir = dir;
    this.socket = socket;
    this.server = server;
    this.bridge = bridge;
    this.clerk = new Clerk(bridge);
  }

  /// A state directory that is ours: taken before the journal is opened, so that no two controllers
  /// ever read one.
  public static final class Claim implements AutoCloseable {
    private final StateDir dir;
    private final ControllerLock lock;

    private Claim(StateDir dir, ControllerLock lock) {
      this.dir = dir;
      this.lock = lock;
    }

    /// Opens the desk. From now on verbs find this controller.
    public Desk open(Bridge bridge) throws DeskException {
      Path socket = place(dir);
      Desk desk = new Desk(dir, socket, bind(socket), bridge);
      lock.advertise(
          dir,
          new Advert(ProcessHandle.current().pid(), socket.toString(), bridge.now().toString()));
      desk.start();
      return desk;
    }

    /// Lets the directory go: last of all, when the journal is closed.
    @Override
    public void close() throws IOException {
      lock.close();
    }
  }

  /// Makes the directory if need be, and takes it for this process.
  public static Claim claim(StateDir dir) throws DeskException {
    dir.prepare();
    return new Claim(dir, ControllerLock.take(dir));
  }

  /// Blocks until the controller may end.
  public void awaitUnneeded() throws InterruptedException {
    unneeded.await();
  }

  /// The same with a bound: true when it may end.
  public boolean awaitUnneeded(Duration most) throws InterruptedException {
    return unneeded.await(most.toMillis(), TimeUnit.MILLISECONDS);
  }

  /// Ends all conversations; the state directory stays claimed.
  @Override
  public void close() throws IOException {
    server.close();
    callers.forEach(Conversation::hangUp);
    Files.deleteIfExists(socket);
    if (!socket.startsWith(dir.root())) {
      Files.deleteIfExists(socket.getParent());
    }
  }

  private void start() {
    Thread.ofVirtual().name("desk").start(this::accept);
    Thread.ofVirtual().name("desk-tick").start(this::tick);
  }

  private void accept() {
    while (server.isOpen()) {
      try {
        SocketChannel channel = server.accept();
        if (callers.size() >= MAX_CALLERS) {
          channel.close();
          continue;
        }
        Conversation caller = new Conversation(channel, clerk, unneeded::countDown);
        callers.add(caller);
        Thread.ofVirtual().name("desk-caller").start(() -> serve(caller));
      } catch (IOException _) {
        // Closed by us, or this one caller is already gone: the loop's condition tells.
      }
    }
  }

  private void serve(Conversation caller) {
    try {
      caller.run();
    } finally {
      callers.remove(caller);
    }
  }

  private void tick() {
    Linger linger = new Linger(Linger.USUAL, bridge.now());
    while (server.isOpen()) {
      callers.forEach(Conversation::expire);
      linger = linger.at(bridge.now(), !callers.isEmpty() || clerk.needed());
      if (linger.over(bridge.now())) {
        unneeded.countDown();
      }
      try {
        Thread.sleep(TICK_MS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private static Path place(StateDir dir) throws DeskException {
    Path usual = dir.socket();
    if (usual.toString().getBytes(StandardCharsets.UTF_8).length <= MAX_SOCKET_PATH_BYTES) {
      return usual;
    }
    try {
      return Files.createTempDirectory("salvor-").resolve("desk.sock");
    } catch (IOException e) {
      throw unbound(usual, e);
    }
  }

  private static ServerSocketChannel bind(Path socket) throws DeskException {
    try {
      Files.deleteIfExists(socket);
      ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
      server.bind(UnixDomainSocketAddress.of(socket));
      StateDir.closeToOthers(socket);
      return server;
    } catch (IOException e) {
      throw unbound(socket, e);
    }
  }

  private static DeskException unbound(Path socket, IOException cause) {
    return new DeskException(
        DeskException.Kind.ENVIRONMENT,
        "Cannot open the controller's socket %s: %s. Name another place with --state-dir."
            .formatted(socket, cause),
        cause);
  }
}
