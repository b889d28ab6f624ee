package dev.salvor.controller.tunnel;

import java.io.InputStream;
import java.time.Duration;

/// Doing things on a box through its door.
public interface Ssh {
  /// What is kept of what a command prints; the rest is read and dropped.
  int MAX_OUT = 4 << 20;

  /// Runs one command in the box's shell, without a terminal, and waits for its end. What breaks
  /// off is not repeated.
  ///
  /// @param stdin is read to its end and closed
  Said exec(Door door, String command, InputStream stdin, Duration patience) throws TunnelException;

  /// Opens a port on the box's loopback that leads to one on ours.
  ///
  /// @param name a word that tells the tunnels of one rental apart
  /// @param local our port
  Tunnel tunnel(Door door, String name, int local) throws TunnelException;

  /// The same, with nothing to say to it.
  default Said exec(Door door, String command, Duration patience) throws TunnelException {
    return exec(door, command, InputStream.nullInputStream(), patience);
  }

  /// The system's own, which is fast and knows the user's agent; one in Java where there is none.
  static Ssh ofThisMachine() {
    return Programs.lacking("ssh").isEmpty() ? new SystemSsh() : inJava();
  }

  /// In this process: slower, and with keys that have no passphrase.
  static Ssh inJava() {
    return MinaSsh.SHARED;
  }

  /// What a command came to.
  ///
  /// @param out what it printed, the first 4 MiB
  /// @param err the end of what it complained of, on one line
  record Said(int status, String out, String err) {}
}
