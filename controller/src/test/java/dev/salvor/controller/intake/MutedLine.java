package dev.salvor.controller.intake;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// A line to the intake on which, once muted, nothing passes any more and nobody is told: as a box
/// leaves that lost its power.
final class MutedLine implements AutoCloseable {
  private final ServerSocket listening;
  private final int target;
  private final List<Socket> ends = new CopyOnWriteArrayList<>();
  private volatile boolean muted;

  MutedLine(int target) throws IOException {
    this.target = target;
    this.listening = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  int port() {
    return listening.getLocalPort();
  }

  void mute() {
    muted = true;
  }

  private void accept() {
    try {
      while (true) {
        Socket box = listening.accept();
        Socket intake = new Socket(InetAddress.getLoopbackAddress(), target);
        ends.addAll(List.of(box, intake));
        Thread.ofVirtual().start(() -> carry(box, intake));
        Thread.ofVirtual().start(() -> carry(intake, box));
      }
    } catch (IOException closed) {
      return;
    }
  }

  private void carry(Socket from, Socket to) {
    byte[] buffer = new byte[16 * 1024];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        if (!muted) {
          out.write(buffer, 0, n);
        }
      }
    } catch (IOException closed) {
      return;
    }
  }

  @Override
  public void close() throws IOException {
    listening.close();
    for (Socket end : ends) {
      end.close();
    }
  }
}
