package dev.salvor.agent.carry;

import dev.salvor.agent.carry.CarryException.Kind;
import dev.salvor.common.tls.Credentials;
import dev.salvor.common.tls.PinnedTrust;
import io.grpc.ManagedChannel;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;

/// Opens one connection for cargo: mutual TLS, native where the platform has it, wide windows.
final class Channels {
  /// A block of at most 16 MiB and the words around it.
  private static final int MAX_MESSAGE_BYTES = 17 << 20;

  /// Enough for 80 ms at 100 MB/s; the heap is 192 MB.
  private static final int WINDOW_BYTES = 8 << 20;

  private static final int KEEPALIVE_S = 20;
  private static final int KEEPALIVE_TIMEOUT_S = 20;

  private Channels() {}

  static ManagedChannel open(CarryHome home, InetSocketAddress endpoint) throws CarryException {
    return NettyChannelBuilder.forAddress(endpoint)
        .overrideAuthority(PinnedTrust.CONTROLLER)
        .sslContext(tls(home))
        .keepAliveTime(KEEPALIVE_S, TimeUnit.SECONDS)
        .keepAliveTimeout(KEEPALIVE_TIMEOUT_S, TimeUnit.SECONDS)
        .maxInboundMessageSize(MAX_MESSAGE_BYTES)
        .flowControlWindow(WINDOW_BYTES)
        .disableRetry()
        .build();
  }

  private static SslContext tls(CarryHome home) throws CarryException {
    Credentials self = home.credentials();
    try {
      return GrpcSslContexts.configure(SslContextBuilder.forClient())
          .trustManager(new PinnedTrust(home.pins(), PinnedTrust.CONTROLLER, Clock.systemUTC()))
          .keyManager(self.key(), self.chain().toArray(new X509Certificate[0]))
          .build();
    } catch (SSLException | IllegalArgumentException e) {
      throw new CarryException(Kind.LOCAL, "Cannot speak TLS as this box: " + e);
    }
  }
}
