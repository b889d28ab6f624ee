package dev.salvor.controller.tunnel;

import java.time.Duration;
import java.util.EnumSet;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.util.net.SshdSocketAddress;
import org.apache.sshd.server.forward.RejectAllForwardingFilter;

/// A reverse tunnel held by a connection of this process.
record MinaTunnel(ClientSession session, int port) implements Tunnel {
  @Override
  public boolean awaitEnd(Duration most) {
    return session
        .waitFor(EnumSet.of(ClientSession.ClientSessionEvent.CLOSED), most)
        .contains(ClientSession.ClientSessionEvent.CLOSED);
  }

  @Override
  public String why() {
    return session.isOpen() ? "" : "the connection closed";
  }

  @Override
  public void close() {
    session.close(true);
  }

  /// What comes back through a tunnel goes to this machine's loopback and nowhere else.
  static final class OursOnly extends RejectAllForwardingFilter {
    @Override
    public boolean canConnect(Type type, SshdSocketAddress address, Session session) {
      return SshdSocketAddress.isLoopback(address.getHostName());
    }
  }
}
