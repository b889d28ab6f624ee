package dev.salvor.agent.link;

import com.google.protobuf.ByteString;
import dev.salvor.proto.v1.AgentFrame;
import dev.salvor.proto.v1.BeatAck;
import dev.salvor.proto.v1.ControllerFrame;
import dev.salvor.proto.v1.EnrolReply;
import dev.salvor.proto.v1.EnrolRequest;
import dev.salvor.proto.v1.EnrolmentGrpc;
import dev.salvor.proto.v1.EventAck;
import dev.salvor.proto.v1.LinkGrpc;
import dev.salvor.proto.v1.LogWanted;
import dev.salvor.proto.v1.Order;
import dev.salvor.proto.v1.RenewRequest;
import dev.salvor.proto.v1.Welcome;
import io.grpc.BindableService;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// A controller that enrols, welcomes, acknowledges and orders, and writes down what it hears. Can
/// be told to refuse, to stay silent, and to hang up.
public final class FakeController {
  private final TestCa ca;
  private final List<AgentFrame> frames = new ArrayList<>();
  private final List<Order> onHello = new ArrayList<>();
  private @Nullable StreamObserver<ControllerFrame> stream;
  private String refusal = "";
  private String spentBy = "";
  private boolean acknowledging = true;
  private Consumer<AgentFrame> onFrame = _ -> {};
  private Instant issueFrom = Instant.now().minusSeconds(300);
  private int beatTtlMs = 400;
  private int enrolments;
  private int renewals;
  private int streams;
  private long acked;

  public FakeController(TestCa ca) {
    this.ca = ca;
  }

  public List<BindableService> services() {
    return List.of(new Enrol(), new Link());
  }

  public synchronized void refuse(String reason) {
    refusal = reason;
  }

  public synchronized void acknowledge(boolean is) {
    acknowledging = is;
  }

  public synchronized void issueFrom(Instant from) {
    issueFrom = from;
  }

  /// Called with each frame as it comes, to answer it as a controller would.
  public synchronized void onFrame(Consumer<AgentFrame> listener) {
    onFrame = listener;
  }

  /// Sent at each hello from now on, as a controller does with orders that are open.
  public synchronized void orderAtHello(Order order) {
    onHello.add(order);
  }

  public synchronized void wantLog(int tail, int forMs) {
    send(
        ControllerFrame.newBuilder()
            .setLogWanted(LogWanted.newBuilder().setTail(tail).setForMs(forMs))
            .build());
  }

  public synchronized void order(Order order) {
    send(ControllerFrame.newBuilder().setOrder(order).build());
  }

  /// Ends the stream as a controller that is killed does.
  public synchronized void hangUp() {
    StreamObserver<ControllerFrame> open = stream;
    stream = null;
    if (open != null) {
      open.onError(Status.UNAVAILABLE.withDescription("hung up").asRuntimeException());
    }
  }

  public synchronized List<AgentFrame> frames() {
    return List.copyOf(frames);
  }

  public synchronized Optional<AgentFrame> first(Predicate<AgentFrame> which) {
    return frames.stream().filter(which).findFirst();
  }

  public synchronized List<AgentFrame> events() {
    return frames.stream().filter(f -> f.getSeq() > 0).toList();
  }

  public synchronized int enrolments() {
    return enrolments;
  }

  public synchronized int renewals() {
    return renewals;
  }

  public synchronized int streams() {
    return streams;
  }

  private synchronized void send(ControllerFrame frame) {
    if (stream != null) {
      stream.onNext(frame);
    }
  }

  private synchronized void heard(AgentFrame frame) {
    frames.add(frame);
    onFrame.accept(frame);
    switch (frame.getBodyCase()) {
      case HELLO -> {
        send(
            ControllerFrame.newBuilder()
                .setWelcome(Welcome.newBuilder().setBeatTtlMs(beatTtlMs).setAckedSeq(acked))
                .build());
        onHello.forEach(this::order);
      }
      case BEAT ->
          send(
              ControllerFrame.newBuilder()
                  .setBeatAck(BeatAck.newBuilder().setBeatTtlMs(beatTtlMs))
                  .build());
      default -> {
        if (frame.getSeq() > 0 && acknowledging) {
          acked = Math.max(acked, frame.getSeq());
          send(
              ControllerFrame.newBuilder()
                  .setEventAck(EventAck.newBuilder().setSeq(acked))
                  .build());
        }
      }
    }
  }

  private synchronized void enrolled(EnrolRequest request, StreamObserver<EnrolReply> reply) {
    enrolments++;
    List<X509Certificate> chain = ca.sign(request.getCsrDer().toByteArray(), issueFrom);
    String key = HexFormat.of().formatHex(chain.getFirst().getPublicKey().getEncoded());
    boolean used = !spentBy.isEmpty() && !spentBy.equals(key);
    if (used || !refusal.isEmpty()) {
      reply.onError(refused(used ? "token_used" : refusal));
      return;
    }
    spentBy = key;
    reply.onNext(reply(chain));
    reply.onCompleted();
  }

  private static io.grpc.StatusRuntimeException refused(String reason) {
    Metadata trailers = new Metadata();
    trailers.put(GrpcIssuer.REASON, reason);
    return Status.PERMISSION_DENIED.withDescription("refused").asRuntimeException(trailers);
  }

  private static EnrolReply reply(List<X509Certificate> chain) {
    try {
      EnrolReply.Builder reply =
          EnrolReply.newBuilder().setControllerTimeMs(System.currentTimeMillis());
      for (X509Certificate certificate : chain) {
        reply.addChainDer(ByteString.copyFrom(certificate.getEncoded()));
      }
      return reply.build();
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException(e);
    }
  }

  private final class Enrol extends EnrolmentGrpc.EnrolmentImplBase {
    @Override
    public void enrol(EnrolRequest request, StreamObserver<EnrolReply> reply) {
      enrolled(request, reply);
    }

    @Override
    public void renew(RenewRequest request, StreamObserver<EnrolReply> reply) {
      synchronized (FakeController.this) {
        renewals++;
      }
      reply.onNext(reply(ca.sign(request.getCsrDer().toByteArray(), Instant.now())));
      reply.onCompleted();
    }
  }

  private final class Link extends LinkGrpc.LinkImplBase {
    @Override
    public StreamObserver<AgentFrame> open(StreamObserver<ControllerFrame> replies) {
      synchronized (FakeController.this) {
        stream = replies;
        streams++;
      }
      return new StreamObserver<>() {
        @Override
        public void onNext(AgentFrame frame) {
          heard(frame);
        }

        @Override
        public void onError(Throwable t) {
          // The agent went; what it said is written down.
        }

        @Override
        public void onCompleted() {
          replies.onCompleted();
        }
      };
    }
  }
}
