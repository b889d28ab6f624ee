package dev.salvor.controller.intake;

import dev.salvor.proto.v1.EnrolmentGrpc;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.Optional;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/// Lets in who shows a certificate of the fleet, as whom it names; without one a box may do nothing
/// but enrol, and that not often.
final class CallerGate implements ServerInterceptor {
  /// Says to programs why a call was refused.
  static final Metadata.Key<String> REASON =
      Metadata.Key.of("salvor-reason", Metadata.ASCII_STRING_MARSHALLER);

  private static final String REVOKED = "revoked";
  private static final String OFTEN = "Too many enrolments from there: ask again in a second";
  private static final String QUARANTINED = "quarantined";
  static final String TWO_BOXES =
      "Two boxes spoke as this one, by a copied disk: neither is listened to until a person has"
          + " looked";
  private static final Context.Key<Instant> UNTIL = Context.key("salvor-certified-until");
  private static final Context.Key<Caller> CALLER = Context.key("salvor-caller");
  private static final String ENROL = EnrolmentGrpc.getEnrolMethod().getFullMethodName();

  private final Registrar registrar;
  private final RateLimit enrolments;
  private final InstantSource clock;

  CallerGate(Registrar registrar, RateLimit enrolments, InstantSource clock) {
    this.registrar = registrar;
    this.enrolments = enrolments;
    this.clock = clock;
  }

  /// Who makes the call that this thread works on.
  static Caller caller() {
    Caller caller = CALLER.get();
    if (caller == null) {
      throw new IllegalStateException("A call that did not come through the gate");
    }
    return caller;
  }

  /// When the certificate runs out by which the call was let in.
  static Instant certifiedUntil() {
    Instant until = UNTIL.get();
    if (until == null) {
      throw new IllegalStateException("A call that did not come through the gate");
    }
    return until;
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    if (call.getMethodDescriptor().getFullMethodName().equals(ENROL)) {
      return enrolments.take(address(call))
          ? next.startCall(call, headers)
          : refuse(call, Status.RESOURCE_EXHAUSTED.withDescription(OFTEN), "too_often");
    }
    Optional<X509Certificate> leaf = certificate(call);
    Optional<Caller> caller = leaf.flatMap(registrar::recognise);
    if (leaf.isEmpty() || caller.isEmpty()) {
      String needs = "This call needs a valid certificate of this fleet";
      return refuse(call, Status.UNAUTHENTICATED.withDescription(needs), "no_certificate");
    }
    return switch (registrar.footing(caller.get())) {
      case REVOKED ->
          refuse(call, Status.PERMISSION_DENIED.withDescription("This rental is over"), REVOKED);
      case QUARANTINED ->
          refuse(call, Status.PERMISSION_DENIED.withDescription(TWO_BOXES), QUARANTINED);
      case ADMITTED -> {
        Context context =
            Context.current()
                .withValue(CALLER, caller.get())
                .withValue(UNTIL, leaf.get().getNotAfter().toInstant());
        yield Contexts.interceptCall(context, call, headers, next);
      }
    };
  }

  /// The handshake checked it once; a connection outlives an hour's certificate, a call may not.
  private Optional<X509Certificate> certificate(ServerCall<?, ?> call) {
    SSLSession session = call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
    if (session == null) {
      return Optional.empty();
    }
    try {
      Certificate[] chain = session.getPeerCertificates();
      if (chain.length == 0 || !(chain[0] instanceof X509Certificate leaf)) {
        return Optional.empty();
      }
      leaf.checkValidity(Date.from(clock.instant()));
      return Optional.of(leaf);
    } catch (SSLPeerUnverifiedException | CertificateException e) {
      return Optional.empty();
    }
  }

  private static String address(ServerCall<?, ?> call) {
    SocketAddress peer = call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
    if (peer instanceof InetSocketAddress inet) {
      InetAddress address = inet.getAddress();
      return address == null ? inet.getHostString() : address.getHostAddress();
    }
    return String.valueOf(peer);
  }

  private static <Q> ServerCall.Listener<Q> refuse(
      ServerCall<Q, ?> call, Status status, String reason) {
    Metadata trailers = new Metadata();
    trailers.put(REASON, reason);
    call.close(status, trailers);
    return new ServerCall.Listener<>() {};
  }
}
