package dev.salvor.agent.link;

import dev.salvor.common.tls.Credentials;
import dev.salvor.common.tls.PinnedTrust;
import dev.salvor.common.tls.SpkiPin;
import io.grpc.ManagedChannel;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;

/// Channels over TCP and TLS, kept as small as a watcher needs: one thread, the JDK's TLS.
public final class NettyChannels implements Channels, AutoCloseable {
  /// Below the shortest idle limits of NATs on the way, above what servers take for an attack (gRFC
  /// A8, A9).
  private static final int KEEPALIVE_S = 20;

  private static final int KEEPALIVE_TIMEOUT_S = 10;

  /// Beats and orders are small; the largest order carries a job's environment.
  private static final int MAX_MESSAGE_BYTES = 1 << 20;

  private static final int WINDOW_BYTES = 256 << 10;

  private final Set<SpkiPin> pins;
  private final Clock clock;
  private final EventLoopGroup loop =
      new MultiThreadIoEventLoopGroup(
          1, new DefaultThreadFactory("link", true), NioIoHandler.newFactory());

  public NettyChannels(Set<SpkiPin> pins, Clock clock) {
    this.pins = Set.copyOf(pins);
    this.clock = clock;
  }

  @Override
  public ManagedChannel open(Endpoint endpoint, Optional<Credentials> as) {
    return NettyChannelBuilder.forAddress(new InetSocketAddress(endpoint.host(), endpoint.port()))
        .overrideAuthority(PinnedTrust.CONTROLLER)
        .sslContext(tls(as))
        .eventLoopGroup(loop)
        .channelType(NioSocketChannel.class)
        .directExecutor()
        .keepAliveTime(KEEPALIVE_S, TimeUnit.SECONDS)
        .keepAliveTimeout(KEEPALIVE_TIMEOUT_S, TimeUnit.SECONDS)
        .maxInboundMessageSize(MAX_MESSAGE_BYTES)
        .flowControlWindow(WINDOW_BYTES)
        .disableRetry()
        .build();
  }

  @Override
  public void close() {
    var _ = loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }

  private SslContext tls(Optional<Credentials> as) {
    SslContextBuilder builder =
        GrpcSslContexts.configure(SslContextBuilder.forClient(), SslProvider.JDK)
            .trustManager(new PinnedTrust(pins, PinnedTrust.CONTROLLER, clock));
    as.ifPresent(credentials ->
        builder.keyManager(credentials.key(), credentials.chain().toArray(new X509Certificate[0])));
    try {
      return builder.build();
    } catch (SSLException e) {
      throw new IllegalStateException("Every Java runtime speaks TLS 1.3", e);
    }
  }
}
