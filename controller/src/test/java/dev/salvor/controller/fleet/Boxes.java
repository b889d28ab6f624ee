package dev.salvor.controller.fleet;

import dev.salvor.controller.ca.CertificateAuthority;
import dev.salvor.controller.ca.CertificateRequest;
import dev.salvor.controller.ca.TestRequest;
import io.grpc.ManagedChannel;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// Simulated agents, each with a key, a certificate and a line of its own.
final class Boxes implements AutoCloseable {
  private static final int BEAT_MS = 2_000;
  private static final int POLL_MS = 20;

  private final List<Box> boxes = new ArrayList<>();
  private final EventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
  private final Random chance = new Random(1);

  private Boxes() {}

  static Boxes dial(Harbourage ground, int port, int agents) throws Exception {
    Boxes all = new Boxes();
    for (int i = 0; i < agents; i++) {
      Box box = new Box(i, all.channel(ground, port, i));
      all.boxes.add(box);
      box.open();
      int offset = all.chance.nextInt(BEAT_MS);
      var _ = all.clock.scheduleAtFixedRate(box::beat, offset, BEAT_MS, TimeUnit.MILLISECONDS);
    }
    return all;
  }

  private ManagedChannel channel(Harbourage ground, int port, int agent) throws Exception {
    TestRequest request = TestRequest.ofNewKey();
    List<X509Certificate> chain =
        ground.authority().issue(CertificateRequest.read(request.der()), ground.identity(agent));
    SslContextBuilder tls =
        SslContextBuilder.forClient()
            .trustManager(ground.authority().certificate())
            .keyManager(request.key(), chain.toArray(X509Certificate[]::new));
    return NettyChannelBuilder.forAddress("127.0.0.1", port)
        .overrideAuthority(CertificateAuthority.SERVER_NAME)
        .sslContext(GrpcSslContexts.configure(tls).build())
        .eventLoopGroup(loops)
        .channelType(NioSocketChannel.class)
        .flowControlWindow(1 << 16)
        .disableRetry()
        .directExecutor()
        .build();
  }

  /// Until each was answered.
  void awaitAll(Duration atMost) throws IOException, InterruptedException {
    long end = System.nanoTime() + atMost.toNanos();
    while (boxes.stream().anyMatch(box -> box.answered() == 0)) {
      if (System.nanoTime() > end || lost() > 0) {
        throw new IOException(
            "Of %d agents %d were answered within %s, %d lost their line"
                .formatted(
                    boxes.size(),
                    boxes.stream().filter(box -> box.answered() > 0).count(),
                    atMost,
                    lost()));
      }
      TimeUnit.MILLISECONDS.sleep(POLL_MS);
    }
  }

  long answered() {
    return boxes.stream().mapToLong(Box::answered).sum();
  }

  long lost() {
    return boxes.stream().filter(Box::lost).count();
  }

  long orders() {
    return boxes.stream().mapToLong(Box::orders).sum();
  }

  /// Each reports a checkpoint at some moment; milliseconds until each was acknowledged, which is
  /// when it and what was decided of it are journaled.
  List<Double> sayOnce(Duration within, Duration patience) throws InterruptedException {
    for (Box box : boxes) {
      var _ =
          clock.schedule(
              box::say, (long) (chance.nextDouble() * within.toMillis()), TimeUnit.MILLISECONDS);
    }
    long end = System.nanoTime() + within.plus(patience).toNanos();
    while (System.nanoTime() < end && boxes.stream().anyMatch(box -> box.tookMs() < 0)) {
      TimeUnit.MILLISECONDS.sleep(POLL_MS);
    }
    return boxes.stream().map(Box::tookMs).filter(ms -> ms >= 0).toList();
  }

  @Override
  public void close() {
    clock.shutdownNow();
    boxes.forEach(Box::close);
    var _ = loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }
}
