package dev.salvor.controller.tunnel;

import java.time.Duration;

/// A port on a box's loopback that leads to one on this machine's, for as long as it holds.
public interface Tunnel extends AutoCloseable {
  /// The port on the box.
  int port();

  /// Waits for its end, but not for longer.
  ///
  /// @return whether it has ended
  boolean awaitEnd(Duration most) throws InterruptedException;

  /// What was said last: why it ended.
  String why();

  @Override
  void close();
}
