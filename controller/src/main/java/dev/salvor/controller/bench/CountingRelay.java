package dev.salvor.controller.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntSupplier;

/// Stands between two sides on loopback and counts what goes over the wire, both ways.
final class CountingRelay implements AutoCloseable {
  private static final int BUFFER_BYTES = 64 << 10;

  private final ServerSocket server;
  private final IntSupplier to;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicLong bytes = new AtomicLong();

  private CountingRelay(ServerSocket server, IntSupplier to) {
    this.server = server;
    this.to = to;
  }

  /// @param to the port on loopback that everything is handed on to
  static CountingRelay to(int to) throws IOException {
    return to(() -> to);
  }

  /// The same, asked at each connection.
  static CountingRelay to(IntSupplier to) throws IOException {
    ServerSocket server = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
    CountingRelay relay = new CountingRelay(server, to);
    Thread.ofVirtual().start(relay::accept);
    return relay;
  }

  int port() {
    return server.getLocalPort();
  }

  /// Since the last time it was asked.
  long taken() {
    return bytes.getAndSet(0);
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket from = server.accept();
        Socket onward = new Socket(InetAddress.getLoopbackAddress(), to.getAsInt());
        open.addAll(List.of(from, onward));
        Thread.ofVirtual().start(() -> pump(from, onward));
        Thread.ofVirtual().start(() -> pump(onward, from));
      } catch (IOException _) {
        // Closed, or one connection less: whoever dialled says so.
      }
    }
  }

  /// Breaks every connection off.
  void cut() {
    for (Socket each : open) {
      try {
        each.close();
      } catch (IOException _) {
        // It is as good as closed.
      }
    }
  }

  private void pump(Socket from, Socket onward) {
    byte[] buffer = new byte[BUFFER_BYTES];
    try (from;
        onward) {
      InputStream in = from.getInputStream();
      OutputStream out = onward.getOutputStream();
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        bytes.addAndGet(n);
        out.write(buffer, 0, n);
      }
    } catch (IOException _) {
      // One end went away: both do.
    } finally {
      open.removeAll(List.of(from, onward));
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
