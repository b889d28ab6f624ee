package dev.salvor.controller.intake;

import dev.salvor.proto.v1.CargoGrpc;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallExecutorSupplier;
import io.grpc.ServerInterceptors;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyServerBuilder;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;

/// The one port that boxes dial: enrolment, links and cargo over TLS.
public final class IntakeServer implements AutoCloseable {
  /// Unit manifests are the largest frames: 8 MiB are some 60,000 files.
  static final int MAX_MESSAGE = 8 << 20;

  /// gRPC breaks a stream off at this without a word to the box; up to here we say why.
  private static final int MAX_READ = 2 * MAX_MESSAGE;

  /// What a connection may have on its way before the first block is kept; grown with the line.
  private static final int WINDOW = 4 << 20;

  /// A link, a few copies, a restore, a renewal.
  private static final int MAX_CALLS_PER_CONNECTION = 16;

  private static final int MAX_HEADER_BYTES = 8 << 10;

  /// Under a certificate's hour, so that a box comes back with its renewed one (gRPC adds 10 %).
  private static final Duration MAX_AGE = Duration.ofMinutes(50);

  /// A copy of a large checkpoint is not cut off in the middle: links end by themselves (`Tenure`),
  /// and calls without an end there are no others.
  private static final Duration AGE_GRACE = Duration.ofHours(6);

  private static final Duration MAX_IDLE = Duration.ofMinutes(5);
  private static final Duration HANDSHAKE = Duration.ofSeconds(10);

  /// Below the idle timeouts of the usual NATs, and no sooner than an agent itself may ask.
  private static final Keepalive KEEPALIVE =
      new Keepalive(Duration.ofSeconds(20), Duration.ofSeconds(10));

  private static final Duration AGENTS_KEEPALIVE = Duration.ofSeconds(10);

  /// Through an SSH tunnel every box has the same address: a fleet starting up must fit.
  private static final int ENROLMENT_BURST = 40;

  private static final Duration ENROLMENT_EACH = Duration.ofSeconds(1);
  private static final Duration END = Duration.ofSeconds(5);

  private final Server server;
  private final LinkService link;
  private final List<ExecutorService> executors;

  private IntakeServer(Server server, LinkService link, List<ExecutorService> executors) {
    this.server = server;
    this.link = link;
    this.executors = executors;
  }

  /// Listens when it returns.
  ///
  /// @param address port 0 takes any free one
  public static IntakeServer start(InetSocketAddress address, Tls tls, Ports ports)
      throws IntakeException {
    return start(address, tls, ports, KEEPALIVE);
  }

  static IntakeServer start(InetSocketAddress address, Tls tls, Ports ports, Keepalive keepalive)
      throws IntakeException {
    LinkService link = new LinkService(ports.harbour(), ports.clock());
    RateLimit enrolments = new RateLimit(ENROLMENT_BURST, ENROLMENT_EACH, ports.clock());
    CallerGate gate = new CallerGate(ports.registrar(), enrolments, ports.clock());
    ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor();
    // Hashing is work for a processor: on its own threads, a full uplink never delays a beat.
    ExecutorService cargo =
        Executors.newFixedThreadPool(
            Math.max(2, Runtime.getRuntime().availableProcessors()),
            Thread.ofPlatform().name("cargo-", 0).daemon().factory());
    List<ExecutorService> executors = List.of(calls, cargo);
    NettyServerBuilder builder =
        tuned(NettyServerBuilder.forAddress(address), keepalive)
            .sslContext(context(tls))
            .executor(calls)
            .callExecutor(new ByService(calls, cargo))
            .addService(
                ServerInterceptors.intercept(
                    new EnrolmentService(ports.registrar(), ports.clock()), gate))
            .addService(ServerInterceptors.intercept(link, gate))
            .addService(
                ServerInterceptors.intercept(new CargoService(ports.desk()).definition(), gate));
    try {
      return new IntakeServer(builder.build().start(), link, executors);
    } catch (IOException e) {
      executors.forEach(ExecutorService::shutdownNow);
      throw cannotListen(address, e);
    }
  }

  private static NettyServerBuilder tuned(NettyServerBuilder builder, Keepalive keepalive) {
    return builder
        .initialFlowControlWindow(WINDOW)
        .maxInboundMessageSize(MAX_READ)
        .maxInboundMetadataSize(MAX_HEADER_BYTES)
        .maxConcurrentCallsPerConnection(MAX_CALLS_PER_CONNECTION)
        .handshakeTimeout(HANDSHAKE.toSeconds(), TimeUnit.SECONDS)
        .maxConnectionIdle(MAX_IDLE.toSeconds(), TimeUnit.SECONDS)
        .maxConnectionAge(MAX_AGE.toSeconds(), TimeUnit.SECONDS)
        .maxConnectionAgeGrace(AGE_GRACE.toSeconds(), TimeUnit.SECONDS)
        .keepAliveTime(keepalive.after().toMillis(), TimeUnit.MILLISECONDS)
        .keepAliveTimeout(keepalive.answer().toMillis(), TimeUnit.MILLISECONDS)
        .permitKeepAliveTime(AGENTS_KEEPALIVE.toSeconds(), TimeUnit.SECONDS)
        .permitKeepAliveWithoutCalls(true);
  }

  private static SslContext context(Tls tls) throws IntakeException {
    try {
      var server =
          SslContextBuilder.forServer(tls.key(), tls.chain().toArray(X509Certificate[]::new));
      return GrpcSslContexts.configure(server)
          .trustManager(tls.trusted())
          // Optional in the handshake, for enrolment; the gate asks for it everywhere else.
          .clientAuth(ClientAuth.OPTIONAL)
          .protocols("TLSv1.3")
          .build();
    } catch (SSLException | IllegalArgumentException e) {
      throw new IntakeException(IntakeException.Kind.TLS, "Cannot serve TLS: " + e.getMessage(), e);
    }
  }

  private static IntakeException cannotListen(InetSocketAddress address, IOException e) {
    String where = address.getHostString() + ":" + address.getPort();
    String why = String.valueOf(rootOf(e).getMessage());
    if (why.contains("in use")) {
      return new IntakeException(
          IntakeException.Kind.PORT_IN_USE,
          ("Cannot listen on %s: the port is in use (%s). End what has it, or choose another port"
                  + " (0 takes any free one).")
              .formatted(where, why),
          e);
    }
    return new IntakeException(
        IntakeException.Kind.NO_SUCH_ADDRESS,
        "Cannot listen on %s: %s. Choose an address of this machine and a port above 1023."
            .formatted(where, why),
        e);
  }

  private static Throwable rootOf(IOException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof BindException || cause.getCause() == null) {
        return cause;
      }
    }
    return e;
  }

  public int port() {
    return server.getPort();
  }

  public Berths berths() {
    return link;
  }

  /// Frames dropped since the start because they did not hold.
  public long droppedFrames() {
    return link.dropped();
  }

  /// Ends every call; the boxes dial again until somebody answers.
  @Override
  public void close() {
    server.shutdownNow();
    try {
      server.awaitTermination(END.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    executors.forEach(ExecutorService::shutdownNow);
  }

  /// When a silent connection is asked whether it lives, and how long the answer may take.
  record Keepalive(Duration after, Duration answer) {}

  /// What the server shows, and whose certificates it believes.
  public record Tls(PrivateKey key, List<X509Certificate> chain, X509Certificate trusted) {
    public Tls {
      chain = List.copyOf(chain);
    }

    @Override
    public String toString() {
      return "Tls[key=***]";
    }
  }

  /// What the intake asks and tells.
  public record Ports(Registrar registrar, Harbour harbour, CargoDesk desk, InstantSource clock) {}

  /// Cargo on its own threads, everything else on virtual ones.
  private record ByService(Executor calls, Executor cargo) implements ServerCallExecutorSupplier {
    @Override
    public <Q, A> Executor getExecutor(ServerCall<Q, A> call, Metadata headers) {
      String service = call.getMethodDescriptor().getServiceName();
      return CargoGrpc.SERVICE_NAME.equals(service) ? cargo : calls;
    }
  }
}
