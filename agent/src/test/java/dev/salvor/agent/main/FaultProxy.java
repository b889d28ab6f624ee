package dev.salvor.agent.main;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/// A line between agent and controller that can be cut, stalled, or left half-open, as NATs and
/// tunnels do it. Connections made later are carried.
final class FaultProxy implements AutoCloseable {
  private final ServerSocket listening;
  private final int target;
  private final List<Socket> agents = new CopyOnWriteArrayList<>();
  private final List<Socket> controllers = new CopyOnWriteArrayList<>();
  private final AtomicInteger epoch = new AtomicInteger();

  FaultProxy(int target) throws IOException {
    this.target = target;
    this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  int port() {
    return listening.getLocalPort();
  }

  /// Both ends see the connection die.
  void cut() {
    agents.forEach(FaultProxy::end);
    controllers.forEach(FaultProxy::end);
  }

  /// Nothing passes any more, in either direction, and nobody is told.
  void stall() {
    epoch.incrementAndGet();
  }

  /// As after a NAT forgot it: the controller's end is gone, the agent's looks alive.
  void halfOpen() {
    epoch.incrementAndGet();
    controllers.forEach(FaultProxy::end);
  }

  private void accept() {
    try {
      while (true) {
        Socket agent = listening.accept();
        Socket controller = new Socket(InetAddress.getLoopbackAddress(), target);
        agents.add(agent);
        controllers.add(controller);
        int born = epoch.get();
        Thread.ofVirtual().start(() -> carry(agent, controller, born));
        Thread.ofVirtual().start(() -> carry(controller, agent, born));
      }
    } catch (IOException closed) {
      // The test is over.
    }
  }

  private void carry(Socket from, Socket to, int born) {
    byte[] some = new byte[16 << 10];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int n = in.read(some); n >= 0; n = in.read(some)) {
        if (born == epoch.get()) {
          out.write(some, 0, n);
          out.flush();
        }
      }
    } catch (IOException gone) {
      // Told to the other end below, if it may know.
    }
    if (born == epoch.get()) {
      end(from);
      end(to);
    }
  }

  private static void end(Socket socket) {
    try {
      socket.close();
    } catch (IOException gone) {
      // It is closed.
    }
  }

  @Override
  public void close() throws IOException {
    listening.close();
    cut();
  }
}
