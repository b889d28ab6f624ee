package dev.salvor.agent.link;

import com.google.protobuf.ByteString;
import dev.salvor.common.tls.Credentials;
import dev.salvor.proto.v1.AgentFrame;
import dev.salvor.proto.v1.BeatAck;
import dev.salvor.proto.v1.ControllerFrame;
import dev.salvor.proto.v1.EnrolReply;
import dev.salvor.proto.v1.EnrolRequest;
import dev.salvor.proto.v1.EnrolmentGrpc;
import dev.salvor.proto.v1.EventAck;
import dev.salvor.proto.v1.Job;
import dev.salvor.proto.v1.LinkGrpc;
import dev.salvor.proto.v1.Order;
import dev.salvor.proto.v1.Proceed;
import dev.salvor.proto.v1.Quiesce;
import dev.salvor.proto.v1.Welcome;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// The controller of a self-test, on loopback: enrols, has one small job done, has the box fall
/// quiet, and then revokes it, which ends the agent.
public final class LoopbackController implements AutoCloseable {
  private static final int BEAT_TTL_MS = 200;
  private static final int HANG_UP_S = 5;

  private final Signer signer;
  private final Server server;
  private final CountDownLatch revoked = new CountDownLatch(1);
  private final Set<AgentFrame.BodyCase> heard = ConcurrentHashMap.newKeySet();

  /// Certifies the key in a request.
  @FunctionalInterface
  public interface Signer {
    List<X509Certificate> sign(byte[] csrDer) throws GeneralSecurityException;
  }

  /// Listens when it returns.
  public LoopbackController(Credentials shown, X509Certificate trusted, Signer signer)
      throws IOException {
    this.signer = signer;
    SslContextBuilder tls =
        SslContextBuilder.forServer(shown.key(), shown.chain().toArray(new X509Certificate[0]))
            .trustManager(trusted)
            .clientAuth(ClientAuth.OPTIONAL);
    this.server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .sslContext(GrpcSslContexts.configure(tls, SslProvider.JDK).build())
            .directExecutor()
            .addService(new Enrolling())
            .addService(new Linking())
            .build()
            .start();
  }

  public int port() {
    return server.getPort();
  }

  /// Waits until the box was revoked and had time to hear of it.
  public boolean awaitEnd(Duration atMost) throws InterruptedException {
    boolean ended = revoked.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
    if (!server.shutdown().awaitTermination(HANG_UP_S, TimeUnit.SECONDS)) {
      // A stream that the box gave up and dialled anew: it has nothing to say.
      server.shutdownNow();
    }
    return ended;
  }

  /// What a whole story has that was not heard; empty when all went well.
  public Set<String> missing() {
    Set<AgentFrame.BodyCase> want =
        EnumSet.of(
            AgentFrame.BodyCase.HELLO,
            AgentFrame.BodyCase.BEAT,
            AgentFrame.BodyCase.JOB_STARTED,
            AgentFrame.BodyCase.JOB_ENDED,
            AgentFrame.BodyCase.QUIESCED);
    want.removeAll(heard);
    Set<String> names = new java.util.TreeSet<>();
    want.forEach(missing -> names.add(missing.name()));
    return names;
  }

  @Override
  public void close() {
    server.shutdownNow();
  }

  private static ControllerFrame order(Order.Builder order) {
    return ControllerFrame.newBuilder().setOrder(order).build();
  }

  private static EnrolReply reply(List<X509Certificate> chain, long joinSeq)
      throws GeneralSecurityException {
    EnrolReply.Builder reply =
        EnrolReply.newBuilder()
            .setJoinSeq(joinSeq + 1)
            .setControllerTimeMs(System.currentTimeMillis());
    for (X509Certificate certificate : chain) {
      reply.addChainDer(ByteString.copyFrom(certificate.getEncoded()));
    }
    return reply.build();
  }

  /// Gives every key a certificate.
  private final class Enrolling extends EnrolmentGrpc.EnrolmentImplBase {
    @Override
    public void enrol(EnrolRequest request, StreamObserver<EnrolReply> replies) {
      try {
        replies.onNext(reply(signer.sign(request.getCsrDer().toByteArray()), request.getJoinSeq()));
        replies.onCompleted();
      } catch (GeneralSecurityException e) {
        replies.onError(Status.INTERNAL.withDescription(e.toString()).asRuntimeException());
      }
    }
  }

  /// One stream after another.
  private final class Linking extends LinkGrpc.LinkImplBase {
    @Override
    public StreamObserver<AgentFrame> open(StreamObserver<ControllerFrame> out) {
      return new Story(out);
    }
  }

  /// What one stream hears, and is answered.
  private final class Story implements StreamObserver<AgentFrame> {
    private final StreamObserver<ControllerFrame> out;
    private boolean over;

    Story(StreamObserver<ControllerFrame> out) {
      this.out = out;
    }

    @Override
    public void onNext(AgentFrame frame) {
      heard.add(frame.getBodyCase());
      if (over) {
        return;
      }
      switch (frame.getBodyCase()) {
        case HELLO -> welcome();
        case BEAT -> out.onNext(ControllerFrame.newBuilder().setBeatAck(beatAck()).build());
        case JOB_ENDED ->
            out.onNext(order(Order.newBuilder().setId("2").setQuiesce(Quiesce.newBuilder())));
        case QUIESCED -> revoke();
        default -> {
          // Heard, and that is all.
        }
      }
      if (frame.getSeq() > 0 && !over) {
        EventAck ack = EventAck.newBuilder().setSeq(frame.getSeq()).build();
        out.onNext(ControllerFrame.newBuilder().setEventAck(ack).build());
      }
    }

    private void welcome() {
      Welcome welcome = Welcome.newBuilder().setBeatTtlMs(BEAT_TTL_MS).build();
      out.onNext(ControllerFrame.newBuilder().setWelcome(welcome).build());
      Job job =
          Job.newBuilder()
              .setCommand("echo step 1/1 loss=0.5")
              .setWorkdir("/work")
              .addCheckpointRoots("/work/checkpoints")
              .addResultRoots("/work/results")
              .build();
      out.onNext(order(Order.newBuilder().setId("1").setProceed(Proceed.newBuilder().setJob(job))));
    }

    private BeatAck beatAck() {
      return BeatAck.newBuilder()
          .setBeatTtlMs(BEAT_TTL_MS)
          .setLeaseUntilMs(System.currentTimeMillis() + 3_600_000)
          .setControllerTimeMs(System.currentTimeMillis())
          .build();
    }

    private void revoke() {
      over = true;
      Metadata trailers = new Metadata();
      trailers.put(GrpcIssuer.REASON, "revoked");
      out.onError(
          Status.PERMISSION_DENIED
              .withDescription("the self-test is over")
              .asRuntimeException(trailers));
      revoked.countDown();
    }

    @Override
    public void onError(Throwable t) {
      // The agent went; what it said is noted.
    }

    @Override
    public void onCompleted() {
      out.onCompleted();
    }
  }
}
