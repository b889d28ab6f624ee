package dev.salvor.controller.main;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;

/// Which address boxes find us at: the one they were told when they were rented, also after a
/// restart.
final class Ports {
  private final Path file;

  Ports(Path stateDir) {
    this.file = stateDir.resolve("port");
  }

  /// The address to listen at.
  ///
  /// @param listen host:port; port 0 for the one of last time, or any
  InetSocketAddress choose(String listen) throws IOException {
    int colon = listen.lastIndexOf(':');
    int port = Integer.parseInt(listen.substring(colon + 1));
    if (port == 0 && Files.exists(file)) {
      port = Integer.parseInt(Files.readString(file).strip());
    }
    return new InetSocketAddress(listen.substring(0, colon), port);
  }

  void remember(int port) throws IOException {
    Files.writeString(file, Integer.toString(port));
  }
}
